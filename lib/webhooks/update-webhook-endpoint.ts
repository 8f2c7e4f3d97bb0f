import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { UpdateWebhookEndpointBody, WebhookEndpointWire } from '#lib/http/wire/webhook.ts';
import { endpointFacts, lockEndpoint } from './lock-endpoint.ts';
import { endpointToWire } from './to-wire.ts';

/** Changes what is named. What waits for the endpoint goes to the new URL; made active again, it is told what it has missed. Throws not_found. */
export async function updateWebhookEndpoint(context: Context, endpointId: string, body: UpdateWebhookEndpointBody): Promise<WebhookEndpointWire> {
  return db.$transaction(async (tx) => {
    await lockEndpoint(tx, context, endpointId);
    const updated = await tx.webhookEndpoint.update({
      where: { id: endpointId },
      data: {
        ...(body.url !== undefined && { url: body.url }),
        ...(body.description !== undefined && { description: body.description }),
        ...(body.event_types !== undefined && { eventTypes: [...new Set(body.event_types)] }),
        ...(body.is_active !== undefined && { isActive: body.is_active }),
      },
    });
    await recordAudit(tx, context, { action: 'webhook.updated', metadata: { ...endpointFacts(updated), fields: Object.keys(body) } });
    return endpointToWire(updated);
  });
}
