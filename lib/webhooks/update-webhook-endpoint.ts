import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { UpdateWebhookEndpointBody, WebhookEndpointWire } from '#lib/contract/webhook.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { privateAddressWarning } from '#lib/outbound/private-address-warning.ts';
import { receiverOf } from '#lib/outbox/receiver-of.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { endpointFacts, lockEndpoint } from './lock-endpoint.ts';
import { tellEndpointChanged } from './tell-endpoint-changed.ts';
import { endpointToWire } from './to-wire.ts';

/** What was found out of a receiver says nothing of another one, nor of one that a person trusts again. */
const FORGET_FAILURES = { failingSince: null } satisfies Prisma.WebhookEndpointUpdateInput;

function changesOf({ url, description, event_types, is_active }: UpdateWebhookEndpointBody): Prisma.WebhookEndpointUpdateInput {
  return {
    ...(url !== undefined && { url, receiver: receiverOf(url), ...FORGET_FAILURES }),
    ...(description !== undefined && { description }),
    ...(event_types !== undefined && { eventTypes: [...new Set(event_types)] }),
    ...(is_active === true && { isActive: true, disabledAt: null, disabledReason: null, ...FORGET_FAILURES }),
    ...(is_active === false && { isActive: false, disabledAt: storeTime(), disabledReason: null }),
  };
}

/** Changes what is named. What waits for the endpoint goes to the new URL; made active again, it is told what it has missed. Throws not_found. */
export async function updateWebhookEndpoint(
  context: Context,
  endpointId: string,
  body: UpdateWebhookEndpointBody,
): Promise<{ webhook_endpoint: WebhookEndpointWire; warning?: string }> {
  const { row, told } = await db.$transaction(async (tx) => {
    await lockEndpoint(tx, context, endpointId);
    const updated = await tx.webhookEndpoint.update({ where: { id: endpointId }, data: changesOf(body) });
    const fields = Object.keys(body);
    await recordAudit(tx, context, { action: 'webhook.updated', metadata: { ...endpointFacts(updated), fields } });
    return { row: updated, told: await tellEndpointChanged(tx, context, 'vector.webhook.updated', updated, { fields, enabled: updated.isActive }) };
  });
  await wakeDeliveries(told);
  const warning = body.url === undefined ? null : await privateAddressWarning(body.url);
  return { webhook_endpoint: endpointToWire(row), ...(warning && { warning }) };
}
