import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { forgetProject } from '#lib/projects/delete-project.ts';
import { forgetEnvironment } from './delete-environment.ts';
import { loadSite } from './load-site.ts';
import { publicId } from './to-wire.ts';

/** Forgets a site with its environments and their passwords. Their databases stay as they are. Throws not_found, rotation_in_progress, conflict. */
export async function deleteSite(context: Context, siteId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const site = await loadSite(context, siteId, tx);
    for (const environment of site.environments) await forgetEnvironment(tx, context, environment);
    await recordAudit(tx, context, {
      action: 'site.forgotten',
      projectId: site.projectId,
      metadata: { site_id: publicId(site), partner_customer_id: site.partnerCustomerId },
    });
    await tx.site.delete({ where: { id: site.id } });
    await forgetProject(tx, context, site.projectId);
  });
}
