import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { SiteWire, UpdateSiteBody } from '#lib/http/wire/vector/site.ts';
import { loadSite } from './load-site.ts';
import { publicId, siteToWire } from './to-wire.ts';

/** Changes what is named. Throws not_found. */
export async function updateSite(context: Context, siteId: string, body: UpdateSiteBody): Promise<SiteWire> {
  return db.$transaction(async (tx) => {
    const before = await loadSite(context, siteId, tx);
    const { partnerCustomerId } = await tx.site.update({
      where: { id: before.id },
      data: {
        ...(body.partner_customer_id !== undefined && { partnerCustomerId: body.partner_customer_id }),
        ...(body.tags !== undefined && { tags: body.tags }),
        ...(body.dev_domain !== undefined && { devDomain: body.dev_domain }),
        ...(body.dev_php_version !== undefined && { devPhpVersion: body.dev_php_version }),
        ...(body.wp_config_path !== undefined && { wpConfigPath: body.wp_config_path }),
      },
    });
    await recordAudit(tx, context, {
      action: 'site.updated',
      projectId: before.projectId,
      metadata: { site_id: publicId(before), partner_customer_id: partnerCustomerId, fields: Object.keys(body) },
    });
    return siteToWire(await loadSite(context, before.id, tx));
  });
}
