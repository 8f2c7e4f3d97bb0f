import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { WebhookEndpointWire } from '#lib/http/wire/webhook.ts';
import { endpointToWire } from './to-wire.ts';

/** The organization's webhook endpoints, newest first, disabled ones too. */
export async function listWebhookEndpoints({ organizationId }: Context): Promise<WebhookEndpointWire[]> {
  const rows = await db.webhookEndpoint.findMany({ where: { organizationId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  return rows.map(endpointToWire);
}
