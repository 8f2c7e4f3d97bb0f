import type { Prisma } from '#generated/prisma/client.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';

/** A project with the passwords that count: the current one, and one that lives on for a deployment. */
const DATABASE_PARTS = {
  database: {
    include: {
      server: true,
      credentials: {
        where: { state: { in: ['current', 'retiring'] } },
        orderBy: { version: 'asc' },
        // Newest first: what may run with a version is among the last few.
        include: { deployments: { orderBy: { number: 'desc' }, take: 10 } },
      },
    },
  },
} as const satisfies Prisma.ProjectInclude;

export const ENVIRONMENT_PARTS = {
  site: { select: { id: true, externalId: true, devDomain: true, partnerCustomerId: true, devPhpVersion: true } },
  project: { include: DATABASE_PARTS },
} as const satisfies Prisma.SiteEnvironmentInclude;
export type EnvironmentRow = Prisma.SiteEnvironmentGetPayload<{ include: typeof ENVIRONMENT_PARTS }>;

export const SITE_PARTS = {
  project: { include: DATABASE_PARTS },
  environments: { include: ENVIRONMENT_PARTS, orderBy: [{ isProduction: 'desc' }, { name: 'asc' }] },
} as const satisfies Prisma.SiteInclude;
export type SiteRow = Prisma.SiteGetPayload<{ include: typeof SITE_PARTS }>;

/** The condition that finds a thing by our id or by the one it came with. */
export const named = ({ organizationId }: Context, id: string) => ({ organizationId, OR: [{ id }, { externalId: id }] });

/** A site with its databases. Throws not_found. */
export async function loadSite(context: Context, siteId: string, tx: Tx = db): Promise<SiteRow> {
  const row = await tx.site.findFirst({ where: named(context, siteId), include: SITE_PARTS });
  if (!row) throw notFound('site');
  return row;
}

/** The one current credential of a login; every login has one at all times. */
export function currentOf<C extends { state: string }>({ credentials }: { credentials: C[] }): C {
  const current = credentials.find(({ state }) => state === 'current');
  if (!current) throw new Error('a login without a current credential');
  return current;
}
