import type { VectorWebhookWire } from '#lib/contract/vector/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { webhookToVector } from './page-vector-webhooks.ts';

/** One endpoint in the words of the sites dialect. Throws not_found. */
export async function getVectorWebhook({ organizationId }: Context, id: string): Promise<VectorWebhookWire> {
  const row = await db.webhookEndpoint.findFirst({ where: { id, organizationId } });
  if (!row) throw notFound('webhook');
  return webhookToVector(row);
}
