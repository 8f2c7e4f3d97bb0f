import { SealBrokenError } from '#lib/crypto/envelope.ts';
import { db } from '#lib/db.ts';
import { env } from '#lib/env.ts';
import { failpoint } from '#lib/failpoint.ts';
import { createOutboundAgent } from '#lib/outbound/outbound-agent.ts';
import { postJson } from '#lib/outbound/post-json.ts';
import { claimDelivery } from '#lib/outbox/claim-delivery.ts';
import { openSecrets } from './endpoint-secret.ts';
import { payloadOf } from './payload-of.ts';
import { type DeliveryAnswer, type FullDelivery, recordOutcome, WITH_ALL } from './record-outcome.ts';
import { signWebhook } from './sign.ts';

const agent = createOutboundAgent(env.REKEY_OUTBOUND_ALLOW);

/** One try at a delivery, if it is due and nobody living has it. A crash anywhere in it leads to one more try under the same id. */
export async function deliverWebhook(id: string, workerId: string, clock: () => Date = () => new Date()): Promise<void> {
  const claimed = await claimDelivery(id, workerId);
  if (!claimed) return;
  failpoint('deliver.claimed');
  const delivery = await db.delivery.findUnique({ where: { id }, include: WITH_ALL });
  // Deleted with its endpoint at this very moment.
  if (!delivery) return;
  const answer = await send(delivery, clock());
  failpoint('deliver.sent');
  await recordOutcome(delivery, claimed.fence, answer, clock());
}

async function send({ event, endpoint }: FullDelivery, now: Date): Promise<DeliveryAnswer> {
  const body = JSON.stringify(payloadOf(event));
  try {
    const signed = signWebhook({ id: event.id, timestamp: Math.floor(now.getTime() / 1000), body }, openSecrets(endpoint, now));
    return await postJson(agent, endpoint.url, { headers: { 'user-agent': 'Rekey', ...signed }, body });
  } catch (error) {
    if (error instanceof SealBrokenError) return { failure: 'secret_unreadable' };
    throw error;
  }
}
