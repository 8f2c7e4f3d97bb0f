import type { Tx } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { laneOfReceiver } from './lane-of-receiver.ts';
import { MAX_ATTEMPTS } from './retry-schedule.ts';

/** Writes one pending delivery of an event for each endpoint; answers what wakes a worker once that has committed. */
export async function addDeliveries(
  tx: Tx,
  event: { id: string; organizationId: string },
  endpoints: { id: string; url: string }[],
): Promise<Message<'webhook.deliver'>[]> {
  const made = endpoints.map((endpoint) => ({ id: newId('dlv'), endpoint }));
  if (made.length > 0)
    await tx.delivery.createMany({
      data: made.map(({ id, endpoint }) => ({
        id,
        organizationId: event.organizationId,
        eventId: event.id,
        endpointId: endpoint.id,
        maxAttempts: MAX_ATTEMPTS,
      })),
    });
  return made.map(({ id, endpoint }) => ({ deliveryId: id, lane: laneOfReceiver(endpoint.url) }));
}
