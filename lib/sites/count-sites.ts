import { scopesOf } from '#lib/auth/authorize.ts';
import { reachableProjects } from '#lib/auth/visible-projects.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { AccountWire } from '#lib/http/wire/vector/account.ts';
import { statusOf } from './to-wire.ts';

const STATE = { project: { select: { database: { select: { state: true } } } } } as const;

function countsOf(rows: { project: { database: { state: Parameters<typeof statusOf>[0] } } | null }[]): AccountWire['sites'] {
  const byStatus: Record<string, number> = {};
  for (const { project } of rows) {
    const status = project ? statusOf(project.database.state) : 'no_database';
    byStatus[status] = (byStatus[status] ?? 0) + 1;
  }
  return { total: rows.length, by_status: byStatus };
}

/** How many sites and environments there are, as far as the actor may see them. */
export async function countSites(context: Context) {
  const maySee = reachableProjects(context) === null && scopesOf(context).includes('projects:read');
  const where = { organizationId: context.organizationId, ...(!maySee && { id: { in: [] } }) };
  const [sites, environments] = await Promise.all([
    db.site.findMany({ where, select: { devDomain: true, ...STATE } }),
    db.siteEnvironment.findMany({ where, select: { customDomain: true, isProduction: true, ...STATE } }),
  ]);
  const domains = [...sites.map(({ devDomain }) => devDomain), ...environments.map(({ customDomain }) => customDomain)];
  return {
    domains: [...new Set(domains.filter((domain) => domain !== null))].sort(),
    sites: countsOf(sites),
    environments: countsOf(environments),
    total_sites: sites.length,
    total_environments: environments.length,
    production_environments: environments.filter(({ isProduction }) => isProduction).length,
  };
}
