import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { laneOfLogin } from '#lib/logins/target.ts';
import { claimShared, isSharedClaimable, type SharedClaim } from '#lib/queue/claim.ts';

const IS_LIVE = Prisma.sql`j.type = 'project.verify_connection' AND j.state IN ('queued', 'running')`;

/** Claims a connection check for one attempt; null if another living worker has it, its wait is not over, or it has ended. */
export async function claimVerification(id: string, workerId: string): Promise<SharedClaim | null> {
  const [claim] = await db.$queryRaw<SharedClaim[]>`
    WITH ${claimShared('connection.verify', Prisma.sql`SELECT j.id FROM jobs j WHERE j.id = ${id} AND ${IS_LIVE}`, workerId)}
    UPDATE jobs j SET state = 'running', attempts = least(claimed.attempts, j.max_attempts), claimed_by = ${workerId},
      started_at = coalesce(started_at, now()), claimed_at = now(), updated_at = now()
    FROM claimed WHERE j.id = claimed.id
    RETURNING claimed.kind, claimed.id, claimed.fence, claimed.attempts AS attempt`;
  return claim ?? null;
}

/** Unclaimed connection checks, oldest first, with the lane each runs in; without those that this worker already runs. */
export async function findDueVerifications(workerId: string, inHand: string[]): Promise<{ id: string; lane: string }[]> {
  const due = await db.$queryRaw<{ id: string; host: string; directPort: number }[]>`
    SELECT j.id, d.host, d.direct_port AS "directPort" FROM jobs j
    JOIN databases d ON d.id = j.database_id
    WHERE ${IS_LIVE} AND ${isSharedClaimable('connection.verify', Prisma.sql`j.id`, workerId)} AND j.id <> ALL(${inHand}) ORDER BY j.created_at LIMIT 1000`;
  return due.map(({ id, ...login }) => ({ id, lane: laneOfLogin(login) }));
}
