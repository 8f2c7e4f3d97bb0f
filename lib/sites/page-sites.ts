import type { Prisma } from '#generated/prisma/client.ts';
import type { DatabaseState } from '#generated/prisma/enums.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { inOrder } from '#lib/http/in-order.ts';
import { type Page, rowsOf } from '#lib/http/vector/page.ts';
import type { SiteQuery, SiteWire } from '#lib/http/wire/vector/site.ts';
import { SITE_PARTS } from './load-site.ts';
import { showSite } from './show-site.ts';

/** The states of a database by the status they are shown as; a site is in no other status. */
const STATES: Partial<Record<string, DatabaseState>> = {
  active: 'ready',
  resetting: 'rotating_credentials',
  verifying: 'verifying',
  needs_attention: 'needs_attention',
};

function whereSite({ partner_customer_id, your_customer_id, tag, search, status }: SiteQuery): Prisma.SiteWhereInput[] {
  const contains = search !== undefined && ({ contains: search, mode: 'insensitive' } as const);
  return [
    ...[partner_customer_id, your_customer_id].map((partnerCustomerId) => ({ ...(partnerCustomerId !== undefined && { partnerCustomerId }) })),
    tag === undefined ? {} : { tags: { has: tag } },
    contains ? { OR: [{ partnerCustomerId: contains }, { devDomain: contains }] } : {},
    status === undefined ? {} : { project: { database: { state: { in: [STATES[status] ?? []].flat() } } } },
  ];
}

function orderOf({ sort, direction }: SiteQuery): Prisma.SiteOrderByWithRelationInput[] {
  switch (sort) {
    case undefined:
      return [{ partnerCustomerId: 'asc' }, { id: 'asc' }];
    case 'created_at':
      return [{ createdAt: direction }, { id: direction }];
    case 'updated_at':
      return [{ updatedAt: direction }, { id: direction }];
    case 'status':
      return [{ project: { database: { state: direction } } }, { id: direction }];
    case 'your_customer_id':
    case 'partner_customer_id':
      return [{ partnerCustomerId: direction }, { id: direction }];
  }
}

/** A page of the organization's sites, by customer unless another order is asked for. */
export function pageSites(context: Context, query: SiteQuery): Promise<Page<SiteWire>> {
  const where = { organizationId: context.organizationId, AND: whereSite(query) };
  return db.$transaction(async (tx) => {
    const ids = (await tx.site.findMany({ where, select: { id: true }, orderBy: orderOf(query), ...rowsOf(query) })).map(({ id }) => id);
    const rows = await tx.site.findMany({ where: { id: { in: ids } }, include: SITE_PARTS });
    const items: SiteWire[] = [];
    for (const row of inOrder(ids, rows)) items.push(await showSite(tx, context, row));
    return { items, total: await tx.site.count({ where }) };
  });
}
