import type { Prisma, WebhookEndpoint } from '#generated/prisma/client.ts';
import type { DeliveryAttemptWire, DeliveryWire, WebhookEndpointWire } from '#lib/contract/webhook.ts';
import { endedAttempts } from '#lib/queue/claim.ts';
import { payloadOf } from './dialects/dialect.ts';
import { rulesOf } from './dialects/rules-of.ts';

/** A webhook endpoint as the API shows it: never its secret. */
export const endpointToWire = (row: WebhookEndpoint, lastDeliveredAt?: Date | null): WebhookEndpointWire => ({
  id: row.id,
  organization_id: row.organizationId,
  dialect: row.dialect,
  url: row.url,
  description: row.description,
  event_types: row.eventTypes,
  is_active: row.isActive,
  disabled_reason: row.disabledReason as WebhookEndpointWire['disabled_reason'],
  disabled_at: row.disabledAt?.toISOString() ?? null,
  failing_since: row.failingSince?.toISOString() ?? null,
  last_delivered_at: lastDeliveredAt?.toISOString() ?? null,
  secret_created_at: row.secretCreatedAt?.toISOString() ?? null,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

export const DELIVERY_FACTS = {
  event: true,
  endpoint: { select: { dialect: true } },
  log: { orderBy: { fence: 'desc' } },
} satisfies Prisma.DeliveryInclude;
type FullDelivery = Prisma.DeliveryGetPayload<{ include: typeof DELIVERY_FACTS }>;

const attemptToWire = (row: FullDelivery['log'][number]): DeliveryAttemptWire => ({
  number: row.number,
  at: row.at.toISOString(),
  latency_ms: row.latencyMs,
  request_headers: row.requestHeaders as Record<string, string>,
  response_status: row.responseStatus,
  response_headers: row.responseHeaders as Record<string, string> | null,
  response_body: row.responseBody,
  failure: row.failure,
});

/** A delivery as the API shows it, with its tries. */
export const deliveryToWire = (row: FullDelivery): DeliveryWire => ({
  id: row.id,
  organization_id: row.organizationId,
  endpoint_id: row.endpointId,
  event_type: row.event.type,
  state: row.state,
  attempts: endedAttempts(row),
  max_attempts: row.maxAttempts,
  next_attempt_at: row.nextAttemptAt.toISOString(),
  response_status: row.responseStatus,
  last_error: row.lastError,
  payload: payloadOf(row.event),
  request_body: rulesOf(row.endpoint.dialect).bodyOf(row.event),
  latency_ms: row.log[0]?.latencyMs ?? null,
  attempt_log: row.log.map(attemptToWire),
  delivered_at: row.deliveredAt?.toISOString() ?? null,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});
