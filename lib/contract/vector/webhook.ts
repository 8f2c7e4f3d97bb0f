import { z } from 'zod';
import { id, time } from '#lib/contract/common.ts';
import { createWebhookEndpointBody, SUBSCRIBABLE } from '#lib/contract/webhook.ts';

const type = z.enum(['http', 'slack']);
const url = createWebhookEndpointBody.shape.url;
/** The reference leaves out the `vector.` before some names. */
const events = z
  .array(
    z
      .string()
      .max(100)
      .transform((name) => (SUBSCRIBABLE.includes(`vector.${name}`) && !SUBSCRIBABLE.includes(name) ? `vector.${name}` : name)),
  )
  .pipe(createWebhookEndpointBody.shape.event_types.unwrap());

export const vectorWebhook = z.object({
  id,
  type,
  type_label: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  enabled: z.boolean(),
  created_at: time,
  updated_at: time,
});
export type VectorWebhookWire = z.infer<typeof vectorWebhook>;

/** The secret is in the answer to its making alone; messages to Slack are not signed. */
export const vectorWebhookWithSecret = vectorWebhook.extend({ secret: z.string().nullable() });
export type VectorWebhookWithSecretWire = z.infer<typeof vectorWebhookWithSecret>;

export const createVectorWebhookBody = z.object({
  type: type.default('http'),
  url,
  events: events.default(['*']),
  enabled: z.boolean().default(true),
});
export type CreateVectorWebhookBody = z.infer<typeof createVectorWebhookBody>;

/** What is left out stays as it is; a type cannot be changed. */
export const updateVectorWebhookBody = z.object({
  type: type.optional(),
  url: url.optional(),
  events: events.optional(),
  enabled: z.boolean().optional(),
});
export type UpdateVectorWebhookBody = z.infer<typeof updateVectorWebhookBody>;

/** One delivery with what came of its latest try. */
export const vectorWebhookLog = z.object({
  id,
  event: z.string(),
  status: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  vector_webhook_id: id,
  vector_webhook_delivery_id: id,
  /** The same as `attempts`. */
  attempt: z.number().int(),
  request_body: z.record(z.string(), z.unknown()),
  response_status: z.number().int().nullable(),
  /** The same as `response_status`. */
  status_code: z.number().int().nullable(),
  response_body: z.string().nullable(),
  response_headers: z.record(z.string(), z.string()).nullable(),
  latency_ms: z.number().int().nullable(),
  /** The same as `latency_ms`. */
  response_time_ms: z.number().int().nullable(),
  error: z.string().nullable(),
  delivered_at: time.nullable(),
  created_at: time,
});
export type VectorWebhookLogWire = z.infer<typeof vectorWebhookLog>;
