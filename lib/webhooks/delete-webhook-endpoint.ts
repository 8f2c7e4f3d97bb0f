import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { endpointFacts, lockEndpoint } from './lock-endpoint.ts';

/** Deletes an endpoint and its deliveries, those that wait too. Throws not_found. */
export async function deleteWebhookEndpoint(context: Context, endpointId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, context, endpointId);
    await tx.webhookEndpoint.delete({ where: { id: endpointId } });
    await recordAudit(tx, context, { action: 'webhook.deleted', metadata: endpointFacts(endpoint) });
  });
}
