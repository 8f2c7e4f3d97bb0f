import { recordAudit } from '#lib/audit/record-audit.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { forgetProject } from '#lib/projects/delete-project.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { forgetEnvironment } from './delete-environment.ts';
import { loadSite } from './load-site.ts';
import { tellSite } from './tell-lifecycle.ts';

/** Forgets a site with its environments and their passwords. Their databases stay as they are. Throws not_found, rotation_in_progress, conflict. */
export async function deleteSite(context: Context, siteId: string): Promise<void> {
  const told = await db.$transaction(async (tx) => {
    const site = await loadSite(context, siteId, tx);
    const messages: Message<'webhook.deliver'>[] = [];
    for (const environment of site.environments) messages.push(...(await forgetEnvironment(tx, context, environment)));
    messages.push(...(await tellSite(tx, context, 'deleted', site)));
    await recordAudit(tx, context, {
      action: 'site.forgotten',
      projectId: site.projectId,
      metadata: { site_id: publicId(site), partner_customer_id: site.partnerCustomerId },
    });
    await tx.site.delete({ where: { id: site.id } });
    await forgetProject(tx, context, site.projectId);
    return messages;
  });
  await wakeDeliveries(told);
}
