import type { WebhookEndpoint } from '#generated/prisma/client.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';

/** The organization's endpoint, locked until the transaction ends. Throws not_found. */
export async function lockEndpoint(tx: Tx, { organizationId }: Context, endpointId: string): Promise<WebhookEndpoint> {
  await tx.$queryRaw`SELECT FROM webhook_endpoints WHERE id = ${endpointId} AND organization_id = ${organizationId} FOR NO KEY UPDATE`;
  const endpoint = await tx.webhookEndpoint.findFirst({ where: { id: endpointId, organizationId } });
  if (!endpoint) throw notFound('webhook endpoint');
  return endpoint;
}

/** Throws conflict where an endpoint is disabled. */
export function refuseDisabled({ isActive }: WebhookEndpoint): void {
  if (!isActive) throw new DomainError('conflict', 'The endpoint is disabled: nothing was sent. Make it active, then try again.');
}

/** What the audit log tells of an endpoint. Of its URL the host alone: the rest may be a secret of the receiver's. */
export const endpointFacts = ({ id, url }: { id: string; url: string }) => ({ webhook_endpoint_id: id, host: new URL(url).host });
