import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { isSharedClaimable } from '#lib/queue/claim.ts';

/** Departures with a rotation to be begun, or one that has ended and is not written down yet. */
export async function findDueDepartures(workerId: string, inHand: string[]): Promise<string[]> {
  const due = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT c.departure_id AS id FROM departure_credentials c LEFT JOIN jobs j ON j.id = c.job_id
    WHERE c.requested_at IS NOT NULL AND c.ended_at IS NULL AND c.departure_id <> ALL(${inHand}) AND ${isSharedClaimable('departure.run', Prisma.sql`c.departure_id`, workerId)}
      AND (CASE WHEN j.id IS NULL THEN c.next_attempt_at <= now() ELSE j.state IN ('completed', 'failed') END)
    LIMIT 100`;
  return due.map(({ id }) => id);
}
