import type { ListQuery } from '#lib/contract/list.ts';
import type { WebhookEndpointListWire } from '#lib/contract/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { inOrder } from '#lib/paging/in-order.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';
import { endpointToWire } from './to-wire.ts';

/** Of one endpoint's many deliveries, the one that tells when it answered last. */
const LAST_DELIVERED = { where: { state: 'delivered' }, orderBy: { createdAt: 'desc' }, take: 1, select: { deliveredAt: true } } as const;

/** The organization's webhook endpoints, newest first, disabled ones too; all of them, or a page. */
export async function listWebhookEndpoints({ organizationId }: Context, query: ListQuery = {}): Promise<WebhookEndpointListWire> {
  const { where, ...page } = pageOf(query, 'desc', 'id');
  const found = await db.webhookEndpoint.findMany({ where: { organizationId, ...where }, select: { id: true, createdAt: true }, ...page });
  const { rows, next } = cutPage(found, query, ({ id }) => id);
  const ids = rows.map(({ id }) => id);
  const loaded = await db.webhookEndpoint.findMany({ where: { id: { in: ids } }, include: { deliveries: LAST_DELIVERED } });
  return { webhook_endpoints: inOrder(ids, loaded).map((row) => endpointToWire(row, row.deliveries[0]?.deliveredAt)), ...next };
}
