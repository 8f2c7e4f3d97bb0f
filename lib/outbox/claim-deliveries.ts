import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/db.ts';
import { isUnclaimed } from '#lib/queue/liveness.ts';

/** Longer than a try may take and its outcome may wait to be written. */
const LEASE = Prisma.sql`interval '45 seconds'`;

/** At once to one receiver: one that is slow or dead keeps those to others from nothing. */
const PER_RECEIVER = 8;

export interface ClaimedDelivery {
  id: string;
  endpointId: string;
  eventId: string;
  receiver: string;
  fence: number;
  attempts: number;
}

interface Claim {
  workerId: string;
  /** At most so many. */
  limit: number;
  /** The deliveries that the worker has in hand, each with its receiver. */
  inHand: ReadonlyMap<string, string>;
}

/**
 * Takes deliveries that are due for one try each, longest due first, under the next fence: those that no living worker
 * has, to active endpoints, at most eight at once to a receiver. Two workers that ask at once get different ones.
 * `mayBeMore` is false where all that was due is claimed.
 */
export async function claimDeliveries({ workerId, limit, inHand }: Claim): Promise<{ claimed: ClaimedDelivery[]; mayBeMore: boolean }> {
  const ids = [...inHand.keys()];
  const busy: Record<string, number> = {};
  for (const receiver of inHand.values()) busy[receiver] = (busy[receiver] ?? 0) + 1;
  const isDue = Prisma.sql`
    d.state = 'pending' AND d.next_attempt_at <= now() AND d.id <> ALL(${ids}::text[])
    AND ${isUnclaimed(Prisma.sql`d.claimed_by`, Prisma.sql`d.lease_until`, workerId)}`;
  const claimed = await db.$queryRaw<ClaimedDelivery[]>`
    WITH due AS (
      SELECT first.id, first.next_attempt_at, e.receiver, row_number() OVER (PARTITION BY e.receiver ORDER BY first.next_attempt_at) AS nth
      FROM webhook_endpoints e CROSS JOIN LATERAL (
        SELECT d.id, d.next_attempt_at FROM deliveries d WHERE d.endpoint_id = e.id AND ${isDue} ORDER BY d.next_attempt_at LIMIT ${PER_RECEIVER}
      ) first
      WHERE e.is_active
    ), taken AS (
      SELECT d.id, due.receiver FROM due JOIN deliveries d ON d.id = due.id
      WHERE due.nth <= ${PER_RECEIVER} - coalesce((${JSON.stringify(busy)}::jsonb ->> due.receiver)::int, 0) AND ${isDue}
      ORDER BY due.next_attempt_at LIMIT ${limit} FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE deliveries d SET fence = d.fence + 1, claimed_by = ${workerId}, lease_until = now() + ${LEASE}, updated_at = now()
    FROM taken WHERE taken.id = d.id
    RETURNING d.id, d.endpoint_id AS "endpointId", d.event_id AS "eventId", taken.receiver, d.fence, d.attempts`;
  for (const { receiver } of claimed) busy[receiver] = (busy[receiver] ?? 0) + 1;
  return { claimed, mayBeMore: claimed.length === limit || Object.values(busy).some((count) => count >= PER_RECEIVER) };
}
