import type { DeliveryWire } from '#lib/contract/webhook.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { DELIVERY_FACTS, deliveryToWire } from './to-wire.ts';

/** What an endpoint was told or is to be told, newest first. Throws not_found. */
export async function listDeliveries({ organizationId }: Context, endpointId: string, limit: number): Promise<DeliveryWire[]> {
  if (!(await db.webhookEndpoint.findFirst({ where: { id: endpointId, organizationId }, select: { id: true } }))) throw notFound('webhook endpoint');
  const rows = await db.delivery.findMany({
    where: { endpointId, organizationId },
    include: DELIVERY_FACTS,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows.map(deliveryToWire);
}
