import { z } from 'zod';
import { id, time } from './common.ts';

/** What can be told. */
export const EVENT_TYPES = ['credentials.rotated', 'job.completed', 'job.failed', 'integration.synced', 'integration.failed', 'webhook.test'] as const;
export type EventType = (typeof EVENT_TYPES)[number];
const WILDCARDS = ['*', 'credentials.*', 'job.*', 'integration.*', 'webhook.*'] as const;

const eventTypes = z.array(z.enum([...WILDCARDS, ...EVENT_TYPES])).min(1, 'Choose one event type or more; * means all.');

function isReceiver(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
const receiverUrl = z.string().max(2048).refine(isReceiver, 'Give an http or https URL without a login, such as https://hooks.example.com/rekey.');
const description = z.string().trim().max(200);

export const webhookEndpoint = z.object({
  id,
  organization_id: id,
  url: z.string(),
  description: z.string().nullable(),
  event_types: z.array(z.string()),
  is_active: z.boolean(),
  created_at: time,
  updated_at: time,
});
export type WebhookEndpointWire = z.infer<typeof webhookEndpoint>;
export const webhookEndpointAnswer = z.object({ webhook_endpoint: webhookEndpoint });
export const webhookEndpointList = z.object({ webhook_endpoints: z.array(webhookEndpoint) });
export const webhookEndpointWithSecret = z.object({ webhook_endpoint: webhookEndpoint, plaintext_secret: z.string() });
export type WebhookEndpointWithSecret = z.infer<typeof webhookEndpointWithSecret>;

export const createWebhookEndpointBody = z.strictObject({
  url: receiverUrl,
  event_types: eventTypes.default(['*']),
  description: description.nullable().optional(),
});
export type CreateWebhookEndpointBody = z.infer<typeof createWebhookEndpointBody>;

export const updateWebhookEndpointBody = z.strictObject({
  url: receiverUrl.optional(),
  event_types: eventTypes.optional(),
  description: description.nullable().optional(),
  is_active: z.boolean().optional(),
});
export type UpdateWebhookEndpointBody = z.infer<typeof updateWebhookEndpointBody>;

/** What a receiver is sent. */
export const payload = z.object({
  id,
  type: z.string(),
  created_at: time,
  organization_id: id,
  project_id: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type PayloadWire = z.infer<typeof payload>;

export const delivery = z.object({
  id,
  organization_id: id,
  endpoint_id: id,
  event_type: z.string(),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  max_attempts: z.number().int(),
  next_attempt_at: time,
  response_status: z.number().int().nullable(),
  last_error: z.string().nullable(),
  payload,
  delivered_at: time.nullable(),
  created_at: time,
  updated_at: time,
});
export type DeliveryWire = z.infer<typeof delivery>;
export const deliveryAnswer = z.object({ delivery });
export const deliveryList = z.object({ deliveries: z.array(delivery) });

export const endpointParams = z.object({ endpointId: id });
export const deliveryParams = z.object({ endpointId: id, deliveryId: id });
