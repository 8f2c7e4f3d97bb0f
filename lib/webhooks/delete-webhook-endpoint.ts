import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { endpointFacts, lockEndpoint } from './lock-endpoint.ts';
import { tellEndpointChanged } from './tell-endpoint-changed.ts';

/** Deletes an endpoint and its deliveries, those that wait too. Throws not_found. */
export async function deleteWebhookEndpoint(context: Context, endpointId: string): Promise<void> {
  const told = await db.$transaction(async (tx) => {
    // Telling locks the other endpoints: two that delete one another's would wait for ever.
    await tx.$queryRaw`SELECT FROM organizations WHERE id = ${context.organizationId} FOR NO KEY UPDATE`;
    const endpoint = await lockEndpoint(tx, context, endpointId);
    await tx.webhookEndpoint.delete({ where: { id: endpointId } });
    await recordAudit(tx, context, { action: 'webhook.deleted', metadata: endpointFacts(endpoint) });
    return tellEndpointChanged(tx, context, 'vector.webhook.deleted', endpoint);
  });
  await wakeDeliveries(told);
}
