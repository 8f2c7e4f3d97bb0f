import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { inOrder } from '#lib/http/in-order.ts';
import { type Page, rowsOf } from '#lib/http/vector/page.ts';
import type { PageQuery } from '#lib/http/wire/vector/envelope.ts';
import type { EnvironmentWire } from '#lib/http/wire/vector/site.ts';
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
