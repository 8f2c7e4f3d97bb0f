import type { WebhookEndpoint } from '#generated/prisma/client.ts';
import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import { labelOf } from '#lib/contract/vector/label.ts';
import type { VectorWebhookWire } from '#lib/contract/vector/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { endpointToWire } from '#lib/webhooks/to-wire.ts';

/** An endpoint in the words of the sites dialect: all but Slack are `http` there. */
export function webhookToVector(row: WebhookEndpoint): VectorWebhookWire {
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
