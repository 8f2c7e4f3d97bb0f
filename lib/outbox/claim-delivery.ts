import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/db.ts';
import { isUnclaimed } from '#lib/queue/liveness.ts';
import { laneOfReceiver } from './lane-of-receiver.ts';

/** Longer than a try may take. */
const LEASE = Prisma.sql`interval '45 seconds'`;

/** Deliveries to a disabled endpoint wait until it is active again. */
const isDue = (workerId: string) => Prisma.sql`
  d.state = 'pending' AND d.next_attempt_at <= now() AND e.is_active AND ${isUnclaimed(Prisma.sql`d.claimed_by`, Prisma.sql`d.lease_until`, workerId)}`;

/** Takes a delivery for one try, under the next fence; null where another living worker has it, it is not due, or it has ended. */
export async function claimDelivery(id: string, workerId: string): Promise<{ fence: number } | null> {
  const [claimed] = await db.$queryRaw<{ fence: number }[]>`
    UPDATE deliveries d SET fence = d.fence + 1, claimed_by = ${workerId}, lease_until = now() + ${LEASE}, updated_at = now()
    FROM webhook_endpoints e WHERE e.id = d.endpoint_id AND d.id = ${id} AND ${isDue(workerId)}
    RETURNING d.fence`;
  return claimed ?? null;
}

/** Deliveries that are due and free, longest due first, with the lane each runs in; without those that the worker has in hand. */
export async function findDueDeliveries(workerId: string, inHand: string[]): Promise<{ id: string; lane: string }[]> {
  const due = await db.$queryRaw<{ id: string; url: string }[]>`
    SELECT d.id, e.url FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
    WHERE ${isDue(workerId)} AND d.id <> ALL(${inHand}) ORDER BY d.next_attempt_at LIMIT 1000`;
  return due.map(({ id, url }) => ({ id, lane: laneOfReceiver(url) }));
}
