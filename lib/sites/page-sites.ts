import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { type Page, rowsOf } from '#lib/http/vector/page.ts';
import type { SiteQuery, SiteWire } from '#lib/http/wire/vector/site.ts';
import { SITE_PARTS } from './load-site.ts';
import { showSite } from './show-site.ts';

/** A page of the organization's sites, by customer. */
export function pageSites(context: Context, query: SiteQuery): Promise<Page<SiteWire>> {
  const { partner_customer_id: partnerCustomerId, tag } = query;
  const where = {
    organizationId: context.organizationId,
    ...(partnerCustomerId !== undefined && { partnerCustomerId }),
    ...(tag !== undefined && { tags: { has: tag } }),
  };
  return db.$transaction(async (tx) => {
    const rows = await tx.site.findMany({ where, include: SITE_PARTS, orderBy: [{ partnerCustomerId: 'asc' }, { id: 'asc' }], ...rowsOf(query) });
    const items: SiteWire[] = [];
    for (const row of rows) items.push(await showSite(tx, context, row));
    return { items, total: await tx.site.count({ where }) };
  });
}
