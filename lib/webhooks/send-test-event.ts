import type { DeliveryWire, EventType } from '#lib/contract/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { addDeliveries } from '#lib/outbox/add-deliveries.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { lockEndpoint, refuseDisabled } from './lock-endpoint.ts';
import { DELIVERY_FACTS, deliveryToWire } from './to-wire.ts';

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
