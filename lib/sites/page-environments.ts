import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import type { EnvironmentWire } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { inOrder } from '#lib/paging/in-order.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { ENVIRONMENT_PARTS, loadSite } from './load-site.ts';
import { environmentToWire } from './to-wire.ts';

/** A page of the environments of a site, or of all sites, production first. Throws not_found for an unknown site. */
export async function pageEnvironments(context: Context, siteId: string | undefined, page: PageQuery): Promise<Page<EnvironmentWire>> {
  const site = siteId === undefined ? null : await loadSite(context, siteId);
  const where = { organizationId: context.organizationId, ...(site && { siteId: site.id }) };
  const [found, total] = await Promise.all([
    db.siteEnvironment.findMany({ where, select: { id: true }, orderBy: [{ isProduction: 'desc' }, { name: 'asc' }, { id: 'asc' }], ...rowsOf(page) }),
    db.siteEnvironment.count({ where }),
  ]);
  const ids = found.map(({ id }) => id);
  const rows = await db.siteEnvironment.findMany({ where: { id: { in: ids } }, include: ENVIRONMENT_PARTS });
  return { items: inOrder(ids, rows).map(environmentToWire), total };
}
