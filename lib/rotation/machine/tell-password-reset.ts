import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import { systemContext } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';

/**
 * Tells the sites and environments whose login a rotation has changed, in the transaction that completes it. Answers
 * what wakes a worker once that has committed.
 */
export async function tellPasswordReset(
  tx: Tx,
  { organizationId, projectId }: { organizationId: string; projectId: string },
  data: Prisma.InputJsonObject,
): Promise<Message<'webhook.deliver'>[]> {
  const uses = { project: { database: { projects: { some: { id: projectId } } } } };
  const context = systemContext(organizationId);
  const messages: Message<'webhook.deliver'>[] = [];
  for (const site of await tx.site.findMany({ where: uses })) {
    const about = { ...data, site_id: publicId(site), dev_site_id: publicId(site), partner_customer_id: site.partnerCustomerId };
    await recordAudit(tx, context, { action: 'dev_site.database_password_reset', projectId: site.projectId, metadata: about });
    messages.push(...(await recordEvent(tx, { organizationId, projectId: site.projectId, type: 'vector.dev-site.database-password-reset', data: about })));
  }
  for (const environment of await tx.siteEnvironment.findMany({ where: uses, include: { site: true } })) {
    const about = { ...data, site_id: publicId(environment.site), environment_id: publicId(environment), name: environment.name };
    await recordAudit(tx, context, { action: 'environment.database_password_reset', projectId, metadata: about });
    messages.push(...(await recordEvent(tx, { organizationId, projectId, type: 'vector.environment.database-password-reset', data: about })));
  }
  return messages;
}
