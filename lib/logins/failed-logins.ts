import { randomUUID } from 'node:crypto';
import { Prisma } from '#generated/prisma/client.ts';
import type { Endpoint } from '#lib/engines/engine.ts';
import { ask, type Tx } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';

/** How many rejected logins of one account, at one endpoint, count before Rekey makes no more of them: 3. */
export const FAILED_LOGINS_LIMIT = env.REKEY_FAILED_LOGINS;
/** How long a rejected login counts: 15 minutes. */
export const FAILED_LOGINS_WINDOW_S = env.REKEY_FAILED_LOGINS_MINUTES * 60;

/** Longer than a login takes (8 s). One that a crash has cut off counts no longer: its result is not known. */
const IN_PROGRESS_S = Math.min(10, FAILED_LOGINS_WINDOW_S);
/** Longer than any job that makes rejections by design. */
const EXPECTED_S = 86_400;

/** The account that a login is for, and where. */
export interface LoginPlace {
  organizationId: string;
  serverId: string;
  login: string;
  endpoint: Endpoint;
}

/** Room for one login. */
export interface LoginSlot {
  place: LoginPlace;
  id: string;
  /** Whether it is one that the job expects to be rejected, and so is not counted. */
  isExpected: boolean;
}

const NOW = Prisma.sql`extract(epoch FROM clock_timestamp())`;

/** The entries of a column that still count. */
const live = (column: 'counted' | 'expected'): Prisma.Sql =>
  Prisma.sql`(SELECT coalesce(jsonb_object_agg(one.key, one.value), '{}') FROM jsonb_each(f.${Prisma.raw(column)}) AS one WHERE one.value::float8 > ${NOW})`;

const count = (entries: Prisma.Sql): Prisma.Sql => Prisma.sql`(SELECT count(*) FROM jsonb_object_keys(${entries}))`;

const isOf = ({ serverId, login, endpoint }: LoginPlace): Prisma.Sql =>
  Prisma.sql`f.server_id = ${serverId} AND f.login = ${login} AND f.endpoint = ${endpoint}`;

/** Accepted logins whose room is being given back. */
const settling = new Map<string, Promise<unknown>>();
const keyOf = ({ serverId, login, endpoint }: LoginPlace): string => `${serverId} ${endpoint} ${login}`;

/**
 * Makes room for one login before it is made, in one statement of the store: whatever becomes of this process, it has been
 * counted. `expected` names a rejection that a job makes by design: the first of a name is not counted, and is made beyond
 * the limit too if a change may have been sent (`isFinal`). Null where the limit is reached.
 */
export async function reserveLogin(place: LoginPlace, expected: string | null, isFinal = false): Promise<LoginSlot | null> {
  await settling.get(keyOf(place));
  const id = randomUUID();
  const { organizationId, serverId, login, endpoint } = place;
  const counts = Prisma.sql`jsonb_build_object(${id}::text, ${NOW} + ${IN_PROGRESS_S}::float8)`;
  const expects = Prisma.sql`jsonb_build_object(${expected ?? ''}::text, ${NOW} + ${EXPECTED_S}::float8)`;
  const isFree = expected === null ? Prisma.sql`false` : Prisma.sql`NOT jsonb_exists(${live('expected')}, ${expected})`;
  const [slot] = await ask<{ isExpected: boolean }>(Prisma.sql`
    INSERT INTO failed_logins AS f (server_id, login, endpoint, organization_id, counted, expected)
    VALUES (${serverId}, ${login}, ${endpoint}, ${organizationId}, ${expected === null ? counts : Prisma.sql`'{}'`}, ${expected === null ? Prisma.sql`'{}'` : expects})
    ON CONFLICT (server_id, login, endpoint) DO UPDATE SET
      counted = CASE WHEN ${isFree} THEN ${live('counted')} ELSE ${live('counted')} || ${counts} END,
      expected = CASE WHEN ${isFree} THEN ${live('expected')} || ${expects} ELSE ${live('expected')} END
    WHERE ${count(live('counted'))} < ${FAILED_LOGINS_LIMIT} OR ${isFinal} AND ${isFree}
    RETURNING NOT jsonb_exists(counted, ${id}) AS "isExpected"`);
  return slot ? { place, id: slot.isExpected ? (expected ?? '') : id, isExpected: slot.isExpected } : null;
}

/** Counts a login that was rejected, from now on. */
export async function countRejected({ place, id, isExpected }: LoginSlot): Promise<void> {
  if (isExpected) return;
  await ask(Prisma.sql`
    UPDATE failed_logins f SET counted = f.counted || jsonb_build_object(${id}::text, ${NOW} + ${FAILED_LOGINS_WINDOW_S}::float8) WHERE ${isOf(place)}`);
}

/** Gives the room of a login back that was not rejected. Nobody waits for it but the next login of the same account. */
export function giveBack({ place, id, isExpected }: LoginSlot): void {
  const column = Prisma.raw(isExpected ? 'expected' : 'counted');
  const key = keyOf(place);
  // Where that cannot be written the login counts as one in progress until its time is over.
  const done = ask(Prisma.sql`UPDATE failed_logins f SET ${column} = f.${column} - ${id}::text WHERE ${isOf(place)}`)
    .catch(() => undefined)
    .finally(() => settling.get(key) === done && settling.delete(key));
  settling.set(key, done);
}

/** When the next login of an account is made again: null while there is room for one. */
export async function nextLoginAt(place: LoginPlace): Promise<Date | null> {
  const [row] = await ask<{ at: Date }>(Prisma.sql`
    SELECT to_timestamp(one.value::float8) AS at FROM failed_logins f, jsonb_each(f.counted) AS one
    WHERE ${isOf(place)} AND one.value::float8 > ${NOW} ORDER BY 1 DESC OFFSET ${FAILED_LOGINS_LIMIT - 1} LIMIT 1`);
  return row?.at ?? null;
}

/** What counts for a stored login and the rotator of its server, at the address with most of it. */
export interface FailedLogins {
  count: number;
  /** When the next login is made; null while there is room for one. */
  nextAt: Date | null;
}

/** The rows of a stored login, under each name that it has had, and of its rotator. */
const ofDatabase = (databaseId: string): Prisma.Sql => Prisma.sql`
  f.server_id = (SELECT d.server_id FROM databases d WHERE d.id = ${databaseId}) AND f.login IN (
    SELECT c.login_name FROM credentials c WHERE c.database_id = ${databaseId}
    UNION SELECT s.rotator_name FROM databases d JOIN servers s ON s.id = d.server_id WHERE d.id = ${databaseId})`;

/** How many rejected logins of a stored login count now, and when the next one is made. */
export async function readFailedLogins(tx: Pick<Tx, '$queryRaw'>, databaseId: string): Promise<FailedLogins> {
  const rows = await tx.$queryRaw<FailedLogins[]>`
    SELECT count(*)::int AS count, to_timestamp((array_agg(one.value::float8 ORDER BY one.value::float8 DESC))[${FAILED_LOGINS_LIMIT}::int]) AS "nextAt"
    FROM failed_logins f, jsonb_each(f.counted) AS one
    WHERE ${ofDatabase(databaseId)} AND one.value::float8 > ${NOW} GROUP BY f.login, f.endpoint`;
  const times = rows.flatMap(({ nextAt }) => nextAt?.getTime() ?? []);
  return { count: Math.max(0, ...rows.map((row) => row.count)), nextAt: times.length > 0 ? new Date(Math.max(...times)) : null };
}

/**
 * Makes room for one more login wherever the limit is reached, because a person has asked for it: the rejected login that
 * has counted longest counts no more.
 */
export async function allowOneMore(tx: Tx, databaseId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE failed_logins f SET counted = ${live('counted')} - (SELECT one.key FROM jsonb_each(f.counted) AS one WHERE one.value::float8 > ${NOW} ORDER BY one.value::float8 LIMIT 1)
    WHERE ${ofDatabase(databaseId)} AND ${count(live('counted'))} >= ${FAILED_LOGINS_LIMIT}`;
}
