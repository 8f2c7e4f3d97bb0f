import { z } from 'zod';
import { id, nextCursor, time } from './common.ts';

/** What can be told, in the words of both dialects of the API. */
export const EVENT_TYPES = [
  'credentials.rotated',
  'project.deleted',
  'job.completed',
  'job.failed',
  'job.needs_attention',
  'integration.synced',
  'integration.failed',
  'integration.drifted',
  'audit.checkpoint',
  'policy.missed',
  'policy.backed_off',
  'policy.overdue_soon',
  'campaign.started',
  'campaign.paused',
  'campaign.resumed',
  'campaign.retried',
  'campaign.stopped',
  'campaign.aborted',
  'campaign.completed',
  'webhook.test',
  'vector.dev-site.database-password-reset',
  'vector.environment.database-password-reset',
  'vector.site.created',
  'vector.site.updated',
  'vector.site.deleted',
  'vector.environment.created',
  'vector.environment.updated',
  'vector.environment.deleted',
  'vector.deployment.started',
  'vector.deployment.completed',
  'vector.deployment.failed',
  'vector.webhook.created',
  'vector.webhook.updated',
  'vector.webhook.deleted',
  'vector.api-key.created',
  'vector.api-key.deleted',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What an endpoint may have asked for to be told of a type: `*`, `a.*` and `a.b.*` for `a.b.c`, and the type itself. */
export function patternsOf(type: EventType): string[] {
  const parts = type.split('.');
  return ['*', ...parts.slice(1).map((_, i) => `${parts.slice(0, i + 1).join('.')}.*`), type];
}

/** Documented events of both systems that Rekey has nothing to tell of. Their clients subscribe to them all the same. */
const SILENT_EVENTS = [
  ...['pending', 'suspended', 'unsuspended'].map((what) => `vector.site.${what}`),
  ...['suspended', 'unsuspended'].map((what) => `vector.environment.${what}`),
  ...['created', 'cloned', 'suspended', 'unsuspended', 'terminated', 'sftp-password-reset', 'ssh-key-added', 'ssh-key-removed'].map(
    (what) => `vector.dev-site.${what}`,
  ),
  ...['setup-started', 'setup-completed', 'setup-failed', '*'].map((what) => `vector.cdn.${what}`),
  ...['record-created', 'record-deleted', '*'].map((what) => `vector.dns.${what}`),
  ...['created', 'deleted', '*'].map((what) => `vector.ssh-key.${what}`),
  ...['project.ready', 'backup.completed', 'preview.ready', 'preview.deleted', 'import.completed', 'restore.completed', 'alert.triggered', 'alert.resolved'],
];

/** The events that Rekey sends, by type or by wildcard. */
export const EVENT_PATTERNS: readonly string[] = [...new Set(EVENT_TYPES.flatMap(patternsOf))].sort();
/** The events that an endpoint may subscribe to. */
export const SUBSCRIBABLE: readonly string[] = [...EVENT_PATTERNS, ...SILENT_EVENTS];

const eventTypes = z.array(z.enum(SUBSCRIBABLE)).min(1, 'Choose one event type or more; * means all.');

/** How an endpoint is spoken to. */
export const DIALECTS = ['standard', 'vector', 'capydb', 'slack'] as const;
export type Dialect = (typeof DIALECTS)[number];

function isReceiver(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
const receiverUrl = z.string().max(2048).refine(isReceiver, 'Enter an http or https URL without a login, such as https://hooks.example.com/rekey.');
const description = z.string().trim().max(200);

export const webhookEndpoint = z.object({
  id,
  organization_id: id,
  dialect: z.enum(DIALECTS),
  url: z.string(),
  description: z.string().nullable(),
  event_types: z.array(z.string()),
  is_active: z.boolean(),
  /** `gone` (it answered 410) or `failing` (every try failed for three days) where Rekey disabled it. */
  disabled_reason: z.enum(['gone', 'failing']).nullable(),
  disabled_at: time.nullable(),
  /** When the first of the tries failed that have all failed since. */
  failing_since: time.nullable(),
  last_delivered_at: time.nullable(),
  secret_created_at: time.nullable(),
  created_at: time,
  updated_at: time,
});
export type WebhookEndpointWire = z.infer<typeof webhookEndpoint>;
/** Where the endpoint was saved and will not be called as things stand: why, and the setting that allows it. */
const warning = z.string().optional();
export const webhookEndpointAnswer = z.object({ webhook_endpoint: webhookEndpoint, warning });
export const webhookEndpointList = z.object({ webhook_endpoints: z.array(webhookEndpoint), next_cursor: nextCursor });
export const webhookEndpointWithSecret = z.object({ webhook_endpoint: webhookEndpoint, plaintext_secret: z.string().nullable(), warning });
export type WebhookEndpointWithSecret = z.infer<typeof webhookEndpointWithSecret>;

export const createWebhookEndpointBody = z.strictObject({
  url: receiverUrl,
  dialect: z.enum(DIALECTS).optional(),
  event_types: eventTypes.default(['*']),
  description: description.nullable().optional(),
});
export type CreateWebhookEndpointBody = z.input<typeof createWebhookEndpointBody>;

export const updateWebhookEndpointBody = z.strictObject({
  url: receiverUrl.optional(),
  event_types: eventTypes.optional(),
  description: description.nullable().optional(),
  is_active: z.boolean().optional(),
});
export type UpdateWebhookEndpointBody = z.infer<typeof updateWebhookEndpointBody>;

/** As the API accepts it: no event types at all mean all of them. */
const sentEventTypes = z.array(z.enum(SUBSCRIBABLE)).transform((types) => (types.length === 0 ? ['*'] : types));
export const sentWebhookEndpointBody = createWebhookEndpointBody.extend({ event_types: sentEventTypes.default(['*']) });
export const sentWebhookEndpointChanges = updateWebhookEndpointBody.extend({ event_types: sentEventTypes.optional() });

/** What a receiver of Standard Webhooks is sent. */
export const payload = z.object({
  id,
  type: z.string(),
  created_at: time,
  organization_id: id,
  project_id: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type PayloadWire = z.infer<typeof payload>;

/** One try: what was sent and what was answered. */
export const deliveryAttempt = z.object({
  number: z.number().int(),
  at: time,
  latency_ms: z.number().int(),
  /** With the signatures cut short. */
  request_headers: z.record(z.string(), z.string()),
  response_status: z.number().int().nullable(),
  response_headers: z.record(z.string(), z.string()).nullable(),
  /** The first 4 KiB, without control characters. */
  response_body: z.string().nullable(),
  /** Why there was no answer. */
  failure: z.string().nullable(),
});
export type DeliveryAttemptWire = z.infer<typeof deliveryAttempt>;

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
  /** The body that is sent, in the endpoint's dialect. */
  request_body: z.string(),
  latency_ms: z.number().int().nullable(),
  /** The tries so far, latest first; those before a redelivery too. */
  attempt_log: z.array(deliveryAttempt),
  delivered_at: time.nullable(),
  created_at: time,
  updated_at: time,
});
export type DeliveryWire = z.infer<typeof delivery>;
export const deliveryAnswer = z.object({ delivery });
export const deliveryList = z.object({ deliveries: z.array(delivery) });

export const endpointParams = z.object({ endpointId: id });
export const deliveryParams = z.object({ endpointId: id, deliveryId: id });
export type WebhookEndpointListWire = z.infer<typeof webhookEndpointList>;
