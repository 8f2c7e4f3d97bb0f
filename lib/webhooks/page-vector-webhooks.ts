import type { WebhookEndpoint } from '#generated/prisma/client.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { labelOf } from '#lib/http/vector/label.ts';
import { type Page, rowsOf } from '#lib/http/vector/page.ts';
import type { PageQuery } from '#lib/http/wire/vector/envelope.ts';
import type { VectorWebhookWire } from '#lib/http/wire/vector/webhook.ts';
import { endpointToWire } from './to-wire.ts';

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
