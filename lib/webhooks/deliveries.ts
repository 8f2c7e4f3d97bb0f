import type { DeliveryWire, EventType } from '#lib/contract/webhook.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { addDeliveries, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { lockEndpoint, refuseDisabled } from './endpoints.ts';
import { DELIVERY_FACTS, deliveryToWire } from './to-wire.ts';

/** What an endpoint was told or is to be told, newest first. Throws not_found. */
export async function listDeliveries({ organizationId }: Context, endpointId: string, limit: number): Promise<DeliveryWire[]> {
  if (!(await db.webhookEndpoint.findFirst({ where: { id: endpointId, organizationId }, select: { id: true } }))) throw notFound('webhook endpoint');
  const rows = await db.delivery.findMany({
    where: { endpointId, organizationId },
    include: DELIVERY_FACTS,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows.map(deliveryToWire);
}

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

const TYPE: EventType = 'webhook.test';

/** Tells one endpoint, whatever types it asked for, an event that means nothing. Throws not_found, and conflict where it is disabled. */
export async function sendTestEvent(context: Context, endpointId: string): Promise<DeliveryWire> {
  const { organizationId, actor } = context;
  const { messages, delivery } = await db.$transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, context, endpointId);
    refuseDisabled(endpoint);
    const event = await tx.event.create({ data: { id: newId('evt'), organizationId, type: TYPE, data: { requested_by: actor.name } } });
    const made = await addDeliveries(tx, event, [endpoint]);
    return { messages: made, delivery: await tx.delivery.findFirstOrThrow({ where: { eventId: event.id }, include: DELIVERY_FACTS }) };
  });
  await wakeDeliveries(messages);
  return deliveryToWire(delivery);
}
