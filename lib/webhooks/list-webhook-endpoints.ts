import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { WebhookEndpointWire } from '#lib/http/wire/webhook.ts';
import { endpointToWire } from './to-wire.ts';

/** Of one endpoint's many deliveries, the one that tells when it answered last. */
const LAST_DELIVERED = { where: { state: 'delivered' }, orderBy: { createdAt: 'desc' }, take: 1, select: { deliveredAt: true } } as const;

/** The organization's webhook endpoints, newest first, disabled ones too. */
export async function listWebhookEndpoints({ organizationId }: Context): Promise<WebhookEndpointWire[]> {
  const rows = await db.webhookEndpoint.findMany({
    where: { organizationId },
    include: { deliveries: LAST_DELIVERED },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map((row) => endpointToWire(row, row.deliveries[0]?.deliveredAt));
}
