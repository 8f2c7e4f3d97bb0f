import type { CreateVectorWebhookBody, VectorWebhookWithSecretWire } from '#lib/contract/vector/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { updateWebhookEndpoint } from '#lib/webhooks/update-webhook-endpoint.ts';
import { getVectorWebhook } from './get-vector-webhook.ts';

/** Adds an endpoint asked for in the words of the sites dialect, which it is then spoken to in. */
export async function createVectorWebhook(context: Context, { type, url, events, enabled }: CreateVectorWebhookBody): Promise<VectorWebhookWithSecretWire> {
  const made = await createWebhookEndpoint(context, { url, event_types: events, dialect: type === 'slack' ? 'slack' : 'vector' });
  const { id } = made.webhook_endpoint;
  if (!enabled) await updateWebhookEndpoint(context, id, { is_active: false });
  return { ...(await getVectorWebhook(context, id)), secret: made.plaintext_secret };
}
