import type { Delivery, Event, WebhookEndpoint } from '#generated/prisma/client.ts';
import type { DeliveryWire, WebhookEndpointWire } from '#lib/http/wire/webhook.ts';
import { payloadOf } from './payload-of.ts';

/** A webhook endpoint as the API shows it: never its secret. */
export const endpointToWire = (row: WebhookEndpoint): WebhookEndpointWire => ({
  id: row.id,
  organization_id: row.organizationId,
  url: row.url,
  description: row.description,
  event_types: row.eventTypes,
  is_active: row.isActive,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

/** A delivery as the API shows it. */
export const deliveryToWire = (row: Delivery & { event: Event }): DeliveryWire => ({
  id: row.id,
  organization_id: row.organizationId,
  endpoint_id: row.endpointId,
  event_type: row.event.type,
  state: row.state,
  attempts: row.attempts,
  max_attempts: row.maxAttempts,
  next_attempt_at: row.nextAttemptAt.toISOString(),
  response_status: row.responseStatus,
  last_error: row.lastError,
  payload: payloadOf(row.event),
  delivered_at: row.deliveredAt?.toISOString() ?? null,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});
