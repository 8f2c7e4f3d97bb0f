import { Prisma } from '#generated/prisma/client.ts';
import { ask, planAnew } from '#lib/kernel/db.ts';
import { claims, isClaimable } from '#lib/queue/claim.ts';

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
  /** With this one. */
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
  const busy: Record<string, number> = {};
  for (const receiver of inHand.values()) busy[receiver] = (busy[receiver] ?? 0) + 1;
  const claimed = await ask<ClaimedDelivery>(Prisma.sql`${planAnew}
    WITH due AS (
      SELECT first.*, e.receiver, row_number() OVER (PARTITION BY e.receiver ORDER BY first.next_attempt_at) AS nth
      FROM webhook_endpoints e CROSS JOIN LATERAL (
        SELECT d.id, d.next_attempt_at, d.xmin FROM deliveries d
        WHERE d.endpoint_id = e.id AND d.state = 'pending' AND ${isClaimable('d', workerId)} AND d.id NOT IN (SELECT unnest(${[...inHand.keys()]}::text[]))
        ORDER BY d.next_attempt_at LIMIT ${PER_RECEIVER}
      ) first
      WHERE e.is_active
    ), chosen AS MATERIALIZED (
      SELECT id, xmin, next_attempt_at, receiver FROM due
      WHERE nth <= ${PER_RECEIVER} - coalesce((${JSON.stringify(busy)}::jsonb ->> receiver)::int, 0)
      ORDER BY next_attempt_at
    ), taken AS MATERIALIZED (
      SELECT locked.id, chosen.receiver FROM chosen CROSS JOIN LATERAL (
        -- Not one that another worker has taken, or even tried, meanwhile: its row is another version.
        SELECT d.id FROM deliveries d WHERE d.id = chosen.id AND d.xmin = chosen.xmin FOR UPDATE SKIP LOCKED
      ) locked
      LIMIT ${limit}
    )
    UPDATE deliveries d SET ${claims('d', workerId, LEASE)}, updated_at = now()
    FROM taken WHERE taken.id = d.id
    RETURNING d.id, d.endpoint_id AS "endpointId", d.event_id AS "eventId", taken.receiver, d.fence, d.attempts`);
  for (const { receiver } of claimed) busy[receiver] = (busy[receiver] ?? 0) + 1;
  return { claimed, mayBeMore: claimed.length === limit || Object.values(busy).some((count) => count >= PER_RECEIVER) };
}
