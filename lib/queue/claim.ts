import { Prisma } from '#generated/prisma/client.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { PRESENCE_CLASS } from './worker-presence.ts';

/**
 * SQL that is true where nobody living holds a claim: it was never made, it is `workerId`'s own, its lease is over, or
 * its worker has died (the control database has let go of the worker's lock).
 */
const isUnclaimed = (claimedBy: Prisma.Sql, leaseUntil: Prisma.Sql, workerId: string): Prisma.Sql => Prisma.sql`(
  ${claimedBy} IS NULL OR ${claimedBy} = ${workerId} OR ${leaseUntil} < now() OR NOT EXISTS (
    SELECT FROM workers w JOIN pg_locks l
      ON l.locktype = 'advisory' AND l.classid = ${PRESENCE_CLASS}::int8::oid AND l.objid = w.lock_key::int8::oid AND l.granted
    WHERE w.id = ${claimedBy}))`;

const UNFINISHED = 'finished_at IS NULL';

/** Work without a row of its own. */
const SHARED = { table: 'work_claims', isLive: 'true' } as const;

/**
 * Everything a worker claims before it calls the outside: the table with the claimed rows, and what must still hold of a
 * row when the result is written. Each has a test in claims.int.test.ts.
 */
export const CLAIM_KINDS = {
  'rotation.advance': { table: 'rotations', isLive: UNFINISHED },
  'sessions.rescan': SHARED,
  'connection.verify': SHARED,
  'connection.check': SHARED,
  'integration.sync': { table: 'syncs', isLive: UNFINISHED },
  'integration.redeploy': { table: 'redeployments', isLive: UNFINISHED },
  'integration.check': SHARED,
  'deployment.run': { table: 'deployments', isLive: `state IN ('pending', 'deploying')` },
  'departure.run': SHARED,
  'policy.run': SHARED,
  'campaign.run': SHARED,
  'import.run': SHARED,
  'webhook.deliver': { table: 'deliveries', isLive: `state = 'pending'` },
  'mail.send': { table: 'mails', isLive: `state = 'pending'` },
  'encryption.rewrap': { table: 'key_rotations', isLive: UNFINISHED },
  'audit.verify': SHARED,
  'audit.publish': SHARED,
} as const satisfies Record<string, { table: string; isLive: string }>;

export type ClaimKind = keyof typeof CLAIM_KINDS;
/** Kinds of work without a row of its own. */
export type SharedKind = { [K in ClaimKind]: (typeof CLAIM_KINDS)[K] extends typeof SHARED ? K : never }[ClaimKind];

/** One attempt at some work by one worker. */
export interface Claim<K extends ClaimKind = ClaimKind> {
  kind: K;
  id: string;
  /** Grows with every claim of the same work. */
  fence: number;
}

/** A shared claim, with the number of this attempt since the last one whose result was written. */
export type SharedClaim = Claim<SharedKind> & { attempt: number };

/** Thrown where a later claim has the work, or it has ended: this attempt must stop and write nothing. */
export class ClaimLost extends Error {
  constructor() {
    super('A later claim has this work.');
    this.name = 'ClaimLost';
  }
}

/**
 * How many attempts have ended, for a row that a claim may hold: a claim counts its attempt when it begins, and lets go of
 * the row with the result.
 */
export const endedAttempts = ({ attempts, claimedBy }: { attempts: number; claimedBy: string | null }): number =>
  claimedBy === null ? attempts : attempts - 1;

/** The longest wait after attempts that ended without a stored result: a minute. */
const LONGEST_WAIT_MS = 60_000;

/** The wait after so many earlier attempts, give or take a fifth so that many do not return at once: 1 s, 2 s, 4 s ... up to a minute. */
const waitAfter = (attempts: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`make_interval(secs => least(${LONGEST_WAIT_MS}::float8, ${env.REKEY_BACKOFF_MS}::float8 * 2 ^ least(${attempts}, 20)) / 1000 * (0.8 + 0.4 * random()))`;

/**
 * What every claim writes in its own statement: the next fence, one more attempt, who has it for how long, and when the
 * next attempt may begin if this one writes nothing. `row` is the alias of the claimed table.
 */
export const claims = (row: string, workerId: string, lease: Prisma.Sql): Prisma.Sql => {
  const attempts = Prisma.raw(`${row}.attempts`);
  return Prisma.sql`fence = ${Prisma.raw(`${row}.fence`)} + 1, attempts = ${attempts} + 1, claimed_by = ${workerId},
    lease_until = now() + ${lease}, next_attempt_at = now() + ${waitAfter(attempts)}`;
};

/** SQL that is true of a row that this worker may claim now. */
export const isClaimable = (row: string, workerId: string): Prisma.Sql =>
  Prisma.sql`(${Prisma.raw(`${row}.next_attempt_at`)} <= now() AND ${isUnclaimed(Prisma.raw(`${row}.claimed_by`), Prisma.raw(`${row}.lease_until`), workerId)})`;

/** SQL that is true of shared work that nobody has and that waits for nothing; `id` is that of the work. */
export const isSharedClaimable = (kind: SharedKind, id: Prisma.Sql, workerId: string): Prisma.Sql =>
  Prisma.sql`NOT EXISTS (SELECT FROM work_claims work WHERE work.kind = ${kind} AND work.id = ${id} AND NOT ${isClaimable('work', workerId)})`;

const SHARED_LEASE = Prisma.sql`interval '2 minutes'`;

/** Of the first claim of some work: one that was forgotten and begins anew is later than every claim before. */
const FIRST_FENCE = Prisma.sql`extract(epoch FROM now())::int`;

/** WITH item that claims the shared work in `source`, a query of ids. Returns kind, id, fence and attempts. */
export const claimShared = (kind: SharedKind, source: Prisma.Sql, workerId: string, lease = SHARED_LEASE): Prisma.Sql => Prisma.sql`
  claimed AS (
    INSERT INTO work_claims AS work (kind, id, fence, attempts, claimed_by, lease_until, next_attempt_at)
    SELECT ${kind}, id, ${FIRST_FENCE}, 1, ${workerId}, now() + ${lease}, now() + ${waitAfter(Prisma.sql`0`)} FROM (${source}) AS due
    ON CONFLICT (kind, id) DO UPDATE SET ${claims('work', workerId, lease)} WHERE ${isClaimable('work', workerId)}
    RETURNING work.kind, work.id, work.fence, work.attempts)`;

/** Claims work that has no row of its own; null where another living worker has it, or an interrupted attempt must be waited out. */
async function claimWork(kind: SharedKind, id: string, workerId: string, lease: Prisma.Sql): Promise<SharedClaim | null> {
  const [claim] = await db.$queryRaw<SharedClaim[]>`
    WITH ${claimShared(kind, Prisma.sql`SELECT ${id}::text AS id`, workerId, lease)} SELECT kind, id, fence, attempts AS attempt FROM claimed`;
  return claim ?? null;
}

/** Takes the claim from whoever has it, because a person asked for the work now: what an earlier attempt finds is written nowhere. */
export async function takeOver(kind: SharedKind, id: string, tx: Tx = db): Promise<SharedClaim> {
  const [claim] = await tx.$queryRaw<[SharedClaim]>`
    INSERT INTO work_claims AS work (kind, id, fence) VALUES (${kind}, ${id}, ${FIRST_FENCE})
    ON CONFLICT (kind, id) DO UPDATE SET fence = work.fence + 1, attempts = 0, claimed_by = NULL, lease_until = NULL, next_attempt_at = now()
    RETURNING kind, id, fence, attempts AS attempt`;
  return claim;
}

/**
 * Locks a claim for what its attempt found, inside the transaction that writes it.
 * @throws {ClaimLost} where a later claim has the work, or it has ended
 */
export async function holdClaim(tx: Tx, { kind, id, fence }: Claim): Promise<void> {
  const { table, isLive } = CLAIM_KINDS[kind];
  const ofKind = table === SHARED.table ? Prisma.sql`AND kind = ${kind}` : Prisma.empty;
  const held = await tx.$queryRaw<unknown[]>`
    SELECT FROM ${Prisma.raw(table)} WHERE id = ${id} ${ofKind} AND fence = ${fence} AND ${Prisma.raw(isLive)} FOR UPDATE`;
  if (held.length === 0) throw new ClaimLost();
}

/**
 * Ends an attempt at shared work whose result the same transaction writes: the next one may begin at once.
 * @throws {ClaimLost}
 */
export async function settleClaim(tx: Tx, { kind, id, fence }: Claim<SharedKind>): Promise<void> {
  const settled = await tx.$executeRaw`
    UPDATE work_claims SET attempts = 0, claimed_by = NULL, lease_until = NULL, next_attempt_at = now() WHERE kind = ${kind} AND id = ${id} AND fence = ${fence}`;
  if (settled !== 1) throw new ClaimLost();
}

/**
 * Puts shared work off: nobody begins it before `until`, and the attempt that found it too early does not count.
 * @throws {ClaimLost}
 */
export async function putOffClaim(tx: Tx, { kind, id, fence }: Claim<SharedKind>, until: Date): Promise<void> {
  const done = await tx.$executeRaw`
    UPDATE work_claims SET attempts = 0, claimed_by = NULL, lease_until = NULL, next_attempt_at = ${until}::timestamptz WHERE kind = ${kind} AND id = ${id} AND fence = ${fence}`;
  if (done !== 1) throw new ClaimLost();
}

/**
 * Counts one more attempt under the same claim, and begins its lease anew.
 * @throws {ClaimLost}
 */
export async function countAttempt({ kind, id, fence }: Claim<SharedKind>): Promise<number> {
  const [row] = await db.$queryRaw<{ attempts: number }[]>`
    UPDATE work_claims work SET attempts = attempts + 1, lease_until = now() + ${SHARED_LEASE}, next_attempt_at = now() + ${waitAfter(Prisma.sql`work.attempts`)}
    WHERE kind = ${kind} AND id = ${id} AND fence = ${fence} RETURNING attempts`;
  if (!row) throw new ClaimLost();
  return row.attempts;
}

/** Lets go of shared work without a result: others may go on with it after the wait that the claim has set. */
export const releaseClaim = ({ kind, id, fence }: Claim<SharedKind>): Promise<unknown> =>
  db.$executeRaw`UPDATE work_claims SET claimed_by = NULL, lease_until = NULL WHERE kind = ${kind} AND id = ${id} AND fence = ${fence}`;

/**
 * One attempt at work that has no row of its own: claims it, does it, and lets go of it. Null where it could not be
 * claimed, or a later claim has it.
 */
export async function attemptWork<T>(
  kind: SharedKind,
  id: string,
  workerId: string,
  work: (claim: SharedClaim) => Promise<T>,
  lease = SHARED_LEASE,
): Promise<T | null> {
  const claim = await claimWork(kind, id, workerId, lease);
  if (!claim) return null;
  try {
    return await work(claim);
  } catch (error) {
    if (error instanceof ClaimLost) return null;
    throw error;
  } finally {
    await releaseClaim(claim).catch(() => undefined);
  }
}

/** Forgets claims that nobody has had for a day. */
export const forgetOldClaims = (): Promise<unknown> =>
  db.$executeRaw`DELETE FROM work_claims WHERE claimed_by IS NULL AND next_attempt_at < now() - interval '1 day'`;
