import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { DeliveryWire } from '#lib/http/wire/webhook.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { lockEndpoint, refuseDisabled } from './lock-endpoint.ts';
import { DELIVERY_FACTS, deliveryToWire } from './to-wire.ts';

/**
 * Tells an endpoint the same event once more, under the same id, with all its tries before it; one that waits is tried
 * at once. Throws not_found, and conflict where the endpoint is disabled.
 */
export async function redeliver(context: Context, endpointId: string, deliveryId: string): Promise<DeliveryWire> {
  const delivery = await db.$transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, context, endpointId);
    refuseDisabled(endpoint);
    const found = await tx.delivery.findFirst({ where: { id: deliveryId, endpointId } });
    if (!found) throw notFound('delivery');
    const again = found.state === 'pending' ? {} : ({ state: 'pending', attempts: 0, deliveredAt: null } as const);
    return tx.delivery.update({ where: { id: deliveryId }, data: { ...again, nextAttemptAt: new Date() }, include: DELIVERY_FACTS });
  });
  await wakeDeliveries([{ eventId: delivery.eventId }]);
  return deliveryToWire(delivery);
}
