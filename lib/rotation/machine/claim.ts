import { Prisma } from '#generated/prisma/client.ts';
import { ask, db } from '#lib/kernel/db.ts';
import { LEASE_MS } from '#lib/logins/limits.ts';
import { claims, isClaimable } from '#lib/queue/claim.ts';
import { LIVE_STATES } from './states.ts';

/** Counted from now: each claim and each write renews it. */
export const LEASE = Prisma.sql`make_interval(secs => ${LEASE_MS / 1000})`;

/** The values of a row that no worker has claimed. */
export const RELEASED = Prisma.sql`claimed_by = NULL, lease_until = NULL`;

/** Spelled out as in the partial index `rotations_live_target`, which is not used for a list that comes as a parameter. */
const isLive = Prisma.raw(`r.state IN (${LIVE_STATES.map((state) => `'${state}'`).join(', ')})`);

/**
 * Claims the rotation for a new attempt and gives it the next fence number; null if another living worker has it, it
 * is not pending, or it has ended. From here on every write that names an older fence changes nothing.
 */
export async function claimRotation(id: string, workerId: string): Promise<{ fence: number } | null> {
  const [claimed] = await ask<{ fence: number }>(Prisma.sql`
    WITH claimed AS (
      UPDATE rotations r SET ${claims('r', workerId, LEASE)}
      WHERE r.id = ${id} AND ${isLive} AND ${isClaimable('r', workerId)}
      RETURNING r.fence, r.job_id, r.attempts)
    UPDATE jobs j SET state = 'running', attempts = least(greatest(c.attempts, j.attempts), j.max_attempts), claimed_by = ${workerId}, claimed_at = now(),
      started_at = coalesce(j.started_at, now()), updated_at = now()
    FROM claimed c WHERE j.id = c.job_id
    RETURNING c.fence`);
  return claimed ?? null;
}

/** Releases a claim, unless a newer attempt has taken it. Stores what its logins have proven, so the next attempt need not repeat them. */
export async function releaseRotation(id: string, fence: number, proofs: Prisma.JsonValue = {}): Promise<void> {
  await ask(Prisma.sql`UPDATE rotations SET ${RELEASED}, proofs = proofs || ${JSON.stringify(proofs)}::jsonb WHERE id = ${id} AND fence = ${fence}`);
}

/** Live rotations that are pending and unclaimed, oldest first, with the lane each runs in; without those that this worker already runs. */
export async function findDueRotations(workerId: string, inHand: string[]): Promise<{ id: string; host: string; directPort: number }[]> {
  return db.$queryRaw`
    SELECT r.id, d.host, d.direct_port AS "directPort" FROM rotations r JOIN databases d ON d.id = r.database_id
    WHERE ${isLive} AND r.id <> ALL(${inHand}) AND ${isClaimable('r', workerId)}
    ORDER BY r.next_attempt_at LIMIT 1000`;
}
