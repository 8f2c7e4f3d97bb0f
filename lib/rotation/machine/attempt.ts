import type { Credential, Prisma } from '#generated/prisma/client.ts';
import { rights } from '#lib/contract/project.ts';
import type { Engine, Operator, Probe, RoleSession, Rotator, Target } from '#lib/engines/engine.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { engineOf } from '#lib/logins/counted-engine.ts';
import { type LoginSecret, loginOf } from '#lib/logins/login-of.ts';
import type { Answers } from '#lib/logins/probe.ts';
import { rotatorOf, targetOf, WITH_PLACE } from '#lib/logins/target.ts';
import { trustFirstKeys, trustFirstRotatorKey } from '#lib/logins/trust-keys.ts';

const WITH_ALL = {
  database: { include: { ...WITH_PLACE, credentials: { where: { state: 'retiring' }, orderBy: { version: 'asc' } } } },
  job: true,
  fromCredential: true,
  toCredential: true,
} satisfies Prisma.RotationInclude;

export type RotationRow = Prisma.RotationGetPayload<{ include: typeof WITH_ALL }>;

/** A direct login with the new password: the proof and the session in one. */
export interface OpenedNew {
  /** Null if the password was accepted but the role has no connection left. */
  session: RoleSession | null;
  probe: Probe;
}

/** The results at every endpoint for an old password or a random wrong one. */
export interface AskedOld {
  password: 'old' | 'wrong';
  isKept: boolean;
  answers: Answers;
}

/** One attempt at a rotation by one worker: the row as last written under this fence, and the secrets it needs, in memory. */
export interface Attempt {
  row: RotationRow;
  fence: number;
  engine: Engine;
  target: Target;
  current: LoginSecret;
  next: LoginSecret | null;
  /** Passwords of earlier rotations that were left valid. */
  retiring: (LoginSecret & Credential)[];
  rotator: Rotator | null;
  /** Logins held open for the next step; all are closed when the attempt ends. */
  held: {
    operator?: Operator;
    opening?: Promise<OpenedNew | null> | undefined;
    asked?: Promise<AskedOld[]> | undefined;
  };
  open: { close: () => Promise<void> }[];
  isOver: boolean;
  /** How many failed logins block the account; undefined before it is known, null if none do. */
  failedLoginLimit?: number | null;
  /** Whether no other server followed the one that was changed, so that what it shows holds for its address. Unknown after a crash. */
  isAlone?: boolean;
  /** The monotonic time at which the change was acknowledged, to measure how long the stored URL is wrong. */
  changedMark?: number;
}

/** What settling needs: the row, but no secret. */
export type Claimed = Pick<Attempt, 'row' | 'fence'>;

/** Loads a claimed rotation. */
export async function loadClaimed(tx: Tx, id: string, fence: number): Promise<Claimed> {
  return { row: await tx.rotation.findUniqueOrThrow({ relationLoadStrategy: 'join', where: { id, fence }, include: WITH_ALL }), fence };
}

/** Whether the role changes its own password although there is a rotator, because no check has tried the rotator on it yet. */
function usesOwnRight({ rights: stored }: RotationRow['database']): boolean {
  const found = rights.safeParse(stored).data;
  return found?.self_may_change === true && found.rotator_may_change === null;
}

/** Decrypts the secrets of a claimed rotation. Throws SealBrokenError if one cannot be decrypted. */
export async function openAttempt({ row, fence }: Claimed): Promise<Attempt> {
  const { server, credentials } = row.database;
  const older = credentials.filter(({ id }) => id !== row.fromCredentialId && id !== row.toCredentialId);
  const target = await trustFirstKeys(row.database, targetOf(row.database, row.job.projectId));
  const [current, next, rotator, retiring] = await Promise.all([
    loginOf(row.fromCredential),
    row.toCredential && loginOf(row.toCredential),
    usesOwnRight(row.database) ? null : rotatorOf(row.database, server, target.direct.database).then((found) => trustFirstRotatorKey(server, found)),
    Promise.all(older.map(async (one) => ({ ...one, ...(await loginOf(one)) }))),
  ]);
  return {
    row,
    fence,
    engine: engineOf(row.database, row.jobId),
    target,
    current,
    next,
    retiring,
    rotator,
    held: {},
    open: [],
    isOver: false,
  };
}

/** Marks a login to be closed when the attempt ends. */
export function keepOpen<T extends { close: () => Promise<void> }>(attempt: Attempt, session: T): T {
  if (attempt.isOver) void session.close();
  else attempt.open.push(session);
  return session;
}

/** Closes a login before the attempt ends, without waiting for the server. */
export function closeEarly({ open }: Attempt, session: { close: () => Promise<void> }): void {
  open.splice(open.indexOf(session), 1);
  void session.close();
}

/** Closes every login the attempt still holds, and those still being opened once they are. */
export async function closeAttempt(attempt: Attempt): Promise<void> {
  attempt.isOver = true;
  await Promise.allSettled(attempt.open.map((session) => session.close()));
}

/** The new password's login. Throws if the attempt has none yet, which is a bug. */
export function nextLogin(attempt: Attempt): LoginSecret {
  if (!attempt.next) throw new Error('no staged credential');
  return knowingOthers(attempt, attempt.next);
}

/** The present password's login. */
export const currentLogin = (attempt: Attempt): LoginSecret => knowingOthers(attempt, attempt.current);

/** An endpoint that shows one of the attempt's other passwords rejects this one, without a failed login. */
function knowingOthers({ current, next, retiring }: Attempt, login: LoginSecret): LoginSecret {
  const all = [current, ...(next ? [next] : []), ...retiring].flatMap(({ verifier }) => verifier ?? []);
  return { ...login, others: all.filter((verifier) => verifier !== login.verifier) };
}
