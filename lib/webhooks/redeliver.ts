import type { DeliveryWire } from '#lib/contract/webhook.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { addDeliveries } from '#lib/outbox/add-deliveries.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { lockEndpoint, refuseDisabled } from './lock-endpoint.ts';
import { DELIVERY_FACTS, deliveryToWire } from './to-wire.ts';

/**
 * Sends an endpoint the same event once more, as a new delivery: a receiver that remembers delivery ids takes it, one
 * that remembers event ids knows it. A delivery that is pending is tried at once instead. Throws not_found, and
 * conflict where the endpoint is disabled.
 */
export async function redeliver(context: Context, endpointId: string, deliveryId: string): Promise<DeliveryWire> {
  const delivery = await db.$transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, context, endpointId);
    refuseDisabled(endpoint);
    const found = await tx.delivery.findFirst({ where: { id: deliveryId, endpointId } });
    if (!found) throw notFound('delivery');
    if (found.state === 'pending') return tx.delivery.update({ where: { id: deliveryId }, data: { nextAttemptAt: storeTime() }, include: DELIVERY_FACTS });
    await addDeliveries(tx, { id: found.eventId, organizationId: context.organizationId }, [endpoint]);
    return latestOf(tx, endpointId, found.eventId);
  });
  await wakeDeliveries([{ eventId: delivery.eventId }]);
  return deliveryToWire(delivery);
}

const latestOf = (tx: Tx, endpointId: string, eventId: string) =>
  tx.delivery.findFirstOrThrow({ where: { endpointId, eventId }, include: DELIVERY_FACTS, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
