import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import type { VectorWebhookLogWire } from '#lib/contract/vector/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { vectorName } from '#lib/webhooks/dialects/vector-name.ts';
import { DELIVERY_FACTS, deliveryToWire } from '#lib/webhooks/to-wire.ts';
import { getVectorWebhook } from './get-vector-webhook.ts';

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
