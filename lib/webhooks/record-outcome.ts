import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { systemContext } from '#lib/context.ts';
import { db, type Tx } from '#lib/db.ts';
import type { PostAnswer } from '#lib/outbound/post-json.ts';
import { nextAttemptAt } from '#lib/outbox/retry-schedule.ts';
import { endpointFacts } from './lock-endpoint.ts';

export const WITH_ALL = { event: true, endpoint: true } satisfies Prisma.DeliveryInclude;
export type FullDelivery = Prisma.DeliveryGetPayload<{ include: typeof WITH_ALL }>;
export type DeliveryAnswer = PostAnswer | { failure: 'secret_unreadable' };

/** What a person reads, by what went wrong; never a word of the receiver's. */
const REASONS = {
  address_refused: 'The receiver’s address is not a public one. Give another URL, or have the operator allow the address in REKEY_OUTBOUND_ALLOW.',
  timed_out: 'The receiver did not answer within 15 s.',
  unreachable: 'The receiver could not be reached. Check its name, its port and its certificate.',
  secret_unreadable: 'The signing secret does not open: it was changed in the store, or sealed with another key. Rotate the secret.',
  redirected: 'The receiver answered with a redirect, and Rekey follows none. Give the URL it leads to.',
  gone: 'The receiver answered 410: it wants no more events. The endpoint was disabled.',
  rejected: 'The receiver did not answer with a 2xx status.',
} as const;

function reasonOf(answer: DeliveryAnswer): string {
  if ('failure' in answer) return REASONS[answer.failure];
  if (answer.status === 410) return REASONS.gone;
  return answer.status >= 300 && answer.status < 400 ? REASONS.redirected : REASONS.rejected;
}

/** Writes what came of a try, unless a newer try has begun: delivered, to be tried again, or failed. 410 disables the endpoint. */
export async function recordOutcome(delivery: FullDelivery, fence: number, answer: DeliveryAnswer, at: Date): Promise<void> {
  const attempts = delivery.attempts + 1;
  const status = 'status' in answer ? answer.status : null;
  const isGone = status === 410;
  const retryAt = isGone ? null : nextAttemptAt(attempts, at, 'status' in answer ? answer.retryAfter : null);
  const next = retryAt ? { nextAttemptAt: retryAt } : ({ state: 'failed' } as const);
  const isDelivered = status !== null && status >= 200 && status < 300;
  const outcome = isDelivered ? ({ state: 'delivered', deliveredAt: at, lastError: null } as const) : { ...next, lastError: reasonOf(answer) };
  await db.$transaction(async (tx) => {
    const { count } = await tx.delivery.updateMany({
      where: { id: delivery.id, fence, state: 'pending' },
      data: { ...outcome, attempts, responseStatus: status, claimedBy: null, leaseUntil: null },
    });
    if (count === 1 && isGone) await disable(tx, delivery);
  });
}

/** A receiver at another URL by now has not been asked. */
async function disable(tx: Tx, { endpoint }: FullDelivery): Promise<void> {
  const { count } = await tx.webhookEndpoint.updateMany({ where: { id: endpoint.id, url: endpoint.url, isActive: true }, data: { isActive: false } });
  if (count === 1) await recordAudit(tx, systemContext(endpoint.organizationId), { action: 'webhook.disabled', metadata: endpointFacts(endpoint) });
}
