import { Prisma, type Rotation } from '#generated/prisma/client.ts';
import type { CredentialState, RotationState } from '#generated/prisma/enums.ts';
import { isFinal } from './states.ts';

/** What a move may write into the rotation's own row, see the schema: the column of each and its type. */
const COLUMNS = {
  toCredentialId: ['to_credential_id', 'text'],
  keeps: ['keeps', 'int[]'],
  undoReason: ['undo_reason', 'text'],
  xid: ['xid', 'text'],
  errorCode: ['error_code', 'text'],
  attempts: ['attempts', 'int'],
  sessionsBefore: ['sessions_before', 'int'],
  sessionsLeft: ['sessions_left', 'int'],
  changedAt: ['changed_at', 'timestamptz'],
  firstConnectionId: ['first_connection_id', 'int8'],
  nextAttemptAt: ['next_attempt_at', 'timestamptz'],
  rescanAt: ['rescan_at', 'timestamptz'],
} as const;
export type RotationChange = Partial<Pick<Rotation, keyof typeof COLUMNS>>;

/** The SET list of a rotation's row. Its end is taken from the store's clock, because times from different machines could not be compared. */
export function assignments(to: RotationState, change: RotationChange): Prisma.Sql {
  const set = (Object.keys(change) as (keyof RotationChange)[]).map((field) => {
    const [column, type] = COLUMNS[field];
    return Prisma.sql`${Prisma.raw(column)} = ${change[field]}::${Prisma.raw(type)}`;
  });
  return Prisma.join([Prisma.sql`state = ${to}::"RotationState"`, ...(isFinal(to) ? [Prisma.sql`finished_at = clock_timestamp()`] : []), ...set]);
}

interface NewCredential {
  id: string;
  organizationId: string;
  databaseId: string;
  version: number;
  loginName: string;
  placeVersion: number;
  sealed: string;
}

/** WITH item that adds a staged credential, if the rotation is `moved`. */
export const insertStaged = ({ id, organizationId, databaseId, version, loginName, placeVersion, sealed }: NewCredential): Prisma.Sql => Prisma.sql`
  staged AS (INSERT INTO credentials (id, organization_id, database_id, version, login_name, state, sealed, place_version, updated_at)
    SELECT ${id}, ${organizationId}, ${databaseId}, ${version}::int, ${loginName}, 'staged', ${sealed}, ${placeVersion}::int, now() FROM moved)`;

/** WITH item that sets the state of these credentials, once in a statement, and what `also` says of them, if the rotation is `moved`. */
export const setCredentials = (ids: string[], state: CredentialState, also: Prisma.Sql = Prisma.empty): Prisma.Sql => Prisma.sql`
  ${Prisma.raw(`set_${state}`)} AS (UPDATE credentials c SET state = ${state}::"CredentialState", updated_at = now() ${also} FROM moved WHERE c.id = ANY(${ids}))`;

/** When the logins of a credential were proven. */
export const provenAt = (direct: Date, pooled: Date | null): Prisma.Sql =>
  Prisma.sql`, direct_proven_at = ${direct}::timestamptz, pooled_proven_at = ${pooled}::timestamptz`;

/** When an old credential is to end; null if it does not end at a time. */
export const retireAt = (at: Date | null): Prisma.Sql => Prisma.sql`, retire_at = ${at}::timestamptz`;

/** WITH items that complete the job and make the login ready, if the rotation is `moved`; `rotatedAt` if the password is a new one. */
export const setCompleted = (databaseId: string, jobId: string, at: Date, rotatedAt: Date | null): Prisma.Sql => Prisma.sql`
  ready AS (UPDATE databases d SET state = 'ready', last_error = NULL, rotated_at = coalesce(${rotatedAt}::timestamptz, d.rotated_at), updated_at = now() FROM moved WHERE d.id = ${databaseId}),
  ended AS (UPDATE jobs j SET state = 'completed', error = NULL, error_code = NULL, retry_classification = NULL, completed_at = ${at}::timestamptz, updated_at = now()
    FROM moved WHERE j.id = ${jobId})`;
