import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { VectorWebhookWire } from '#lib/http/wire/vector/webhook.ts';
import { webhookToVector } from './page-vector-webhooks.ts';

/** One endpoint in the words of the sites dialect. Throws not_found. */
export async function getVectorWebhook({ organizationId }: Context, id: string): Promise<VectorWebhookWire> {
  const row = await db.webhookEndpoint.findFirst({ where: { id, organizationId } });
  if (!row) throw notFound('webhook');
  return webhookToVector(row);
}
