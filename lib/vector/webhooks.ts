import type { WebhookEndpoint } from '#generated/prisma/client.ts';
import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import { labelOf } from '#lib/contract/vector/label.ts';
import type {
  CreateVectorWebhookBody,
  UpdateVectorWebhookBody,
  VectorWebhookLogWire,
  VectorWebhookWire,
  VectorWebhookWithSecretWire,
} from '#lib/contract/vector/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { vectorName } from '#lib/webhooks/dialects/vector-name.ts';
import { updateWebhookEndpoint } from '#lib/webhooks/endpoints.ts';
import { DELIVERY_FACTS, deliveryToWire, endpointToWire } from '#lib/webhooks/to-wire.ts';

/** An endpoint in the words of the sites dialect: all but Slack are `http` there. */
function webhookToVector(row: WebhookEndpoint): VectorWebhookWire {
  const { id, dialect, url, event_types: events, is_active: enabled, created_at, updated_at } = endpointToWire(row);
  const type = dialect === 'slack' ? 'slack' : 'http';
  return { id, type, type_label: labelOf(type), url, events, enabled, created_at, updated_at };
}

/** A page of the organization's endpoints, newest first. */
export async function pageVectorWebhooks({ organizationId }: Context, page: PageQuery): Promise<Page<VectorWebhookWire>> {
  const where = { organizationId };
  const [rows, total] = await Promise.all([
    db.webhookEndpoint.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], ...rowsOf(page) }),
    db.webhookEndpoint.count({ where }),
  ]);
  return { items: rows.map(webhookToVector), total };
}

/** One endpoint in the words of the sites dialect. Throws not_found. */
export async function getVectorWebhook({ organizationId }: Context, id: string): Promise<VectorWebhookWire> {
  const row = await db.webhookEndpoint.findFirst({ where: { id, organizationId } });
  if (!row) throw notFound('webhook');
  return webhookToVector(row);
}

/** Adds an endpoint asked for in the words of the sites dialect, which it is then spoken to in. */
export async function createVectorWebhook(context: Context, { type, url, events, enabled }: CreateVectorWebhookBody): Promise<VectorWebhookWithSecretWire> {
  const made = await createWebhookEndpoint(context, { url, event_types: events, dialect: type === 'slack' ? 'slack' : 'vector' });
  const { id } = made.webhook_endpoint;
  if (!enabled) await updateWebhookEndpoint(context, id, { is_active: false });
  return { ...(await getVectorWebhook(context, id)), secret: made.plaintext_secret };
}

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

/** A page of what an endpoint was told, newest first. Throws not_found. */
export async function pageVectorLogs(context: Context, endpointId: string, page: PageQuery): Promise<Page<VectorWebhookLogWire>> {
  await getVectorWebhook(context, endpointId);
  const where = { endpointId, organizationId: context.organizationId };
  const [rows, total] = await Promise.all([
    db.delivery.findMany({ where, include: DELIVERY_FACTS, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], ...rowsOf(page) }),
    db.delivery.count({ where }),
  ]);
  const items = rows.map(deliveryToWire).map((delivery) => ({
    id: delivery.id,
    event: vectorName(delivery.event_type),
    status: delivery.state,
    attempts: delivery.attempts,
    vector_webhook_id: endpointId,
    vector_webhook_delivery_id: delivery.id,
    attempt: delivery.attempts,
    request_body: JSON.parse(delivery.request_body) as Record<string, unknown>,
    response_status: delivery.response_status,
    status_code: delivery.response_status,
    response_body: delivery.attempt_log[0]?.response_body ?? null,
    response_headers: delivery.attempt_log[0]?.response_headers ?? null,
    latency_ms: delivery.latency_ms,
    response_time_ms: delivery.latency_ms,
    error: delivery.last_error,
    delivered_at: delivery.delivered_at,
    created_at: delivery.created_at,
  }));
  return { items, total };
}
