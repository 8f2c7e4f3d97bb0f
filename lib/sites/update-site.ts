import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { SiteWire, UpdateSiteBody } from '#lib/contract/vector/site.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { insertVerification, wakeVerification } from '#lib/logins/insert-verification.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { keyedTags, setTags } from '#lib/projects/set-tags.ts';
import { loadSite } from './load-site.ts';
import { renameProject, siteProjectName } from './site-name.ts';
import { tellSite } from './tell-lifecycle.ts';
import { siteToWire } from './to-wire.ts';

/** Changes what is named; a new file is checked by a job. Throws not_found, forbidden for a key that may not read the password. */
export async function updateSite(context: Context, siteId: string, body: UpdateSiteBody): Promise<SiteWire> {
  const { site, check, told } = await db.$transaction(async (tx) => {
    const before = await loadSite(context, siteId, tx);
    const isNewPath = body.wp_config_path !== undefined && body.wp_config_path !== before.wpConfigPath;
    // The password is written there.
    if (isNewPath && body.wp_config_path) authorize(context, 'credentials.read');
    const after = await tx.site.update({
      where: { id: before.id },
      data: {
        ...(body.partner_customer_id !== undefined && { partnerCustomerId: body.partner_customer_id }),
        ...(body.tags !== undefined && { tags: body.tags }),
        ...(body.dev_domain !== undefined && { devDomain: body.dev_domain }),
        ...(body.dev_php_version !== undefined && { devPhpVersion: body.dev_php_version }),
        ...(isNewPath && { wpConfigPath: body.wp_config_path ?? null, wpConfigError: null }),
      },
    });
    for (const { projectId, name } of [{ projectId: before.projectId, name: null }, ...before.environments])
      await renameProject(tx, projectId, siteProjectName(before, name), siteProjectName(after, name));
    if (body.tags !== undefined) await setTags(tx, before.project, keyedTags(body.tags));
    await recordAudit(tx, context, {
      action: 'site.updated',
      projectId: before.projectId,
      metadata: { site_id: publicId(before), partner_customer_id: after.partnerCustomerId, fields: Object.keys(body) },
    });
    // A worker finds out whether the file can be written; one that is rotating finds it out by itself.
    const { database } = before.project;
    const isChecked = isNewPath && body.wp_config_path && database.state !== 'rotating_credentials';
    const jobId = isChecked ? await insertVerification(tx, context, { id: before.projectId, databaseId: database.id }) : null;
    const shown = await loadSite(context, before.id, tx);
    return { site: siteToWire(shown), check: jobId && { jobId, login: database }, told: await tellSite(tx, context, 'updated', shown) };
  });
  await wakeDeliveries(told);
  if (check) wakeVerification(check.jobId, check.login);
  return site;
}
