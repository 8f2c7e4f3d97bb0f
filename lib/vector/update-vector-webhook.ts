import type { UpdateVectorWebhookBody, VectorWebhookWire } from '#lib/contract/vector/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { updateWebhookEndpoint } from '#lib/webhooks/update-webhook-endpoint.ts';
import { getVectorWebhook } from './get-vector-webhook.ts';

/** Changes what is named. Throws not_found, and validation_failed for another type. */
export async function updateVectorWebhook(context: Context, id: string, { type, url, events, enabled }: UpdateVectorWebhookBody): Promise<VectorWebhookWire> {
  const present = await getVectorWebhook(context, id);
  if (type !== undefined && type !== present.type) throw invalidField('type', `It is of the type ${present.type} and stays so. Add another webhook instead.`);
  await updateWebhookEndpoint(context, id, {
    ...(url !== undefined && { url }),
    ...(events !== undefined && { event_types: events }),
    ...(enabled !== undefined && { is_active: enabled }),
  });
  return getVectorWebhook(context, id);
}
