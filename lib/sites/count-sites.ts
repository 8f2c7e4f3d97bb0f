import { Prisma } from '#generated/prisma/client.ts';
import type { DatabaseState } from '#generated/prisma/enums.ts';
import { scopesOf } from '#lib/access/authorize.ts';
import { reachableProjects } from '#lib/access/visible-projects.ts';
import type { AccountWire } from '#lib/contract/vector/account.ts';
import type { Context } from '#lib/kernel/context.ts';
import { ask } from '#lib/kernel/db.ts';
import { statusOf } from './to-wire.ts';

interface Counted {
  state: DatabaseState | null;
  isProduction: boolean;
  count: number;
}

function countsOf(rows: Counted[]): AccountWire['sites'] {
  const byStatus: Record<string, number> = {};
  for (const { state, count } of rows) {
    const status = state ? statusOf(state) : 'no_database';
    byStatus[status] = (byStatus[status] ?? 0) + count;
  }
  return { total: sum(rows), by_status: byStatus };
}

const sum = (rows: Counted[]): number => rows.reduce((total, { count }) => total + count, 0);

/** How many sites and environments there are, as far as the actor may see them. */
export async function countSites(context: Context) {
  const maySee = reachableProjects(context) === null && scopesOf(context).includes('projects:read');
  const organizationId = maySee ? context.organizationId : null;
  const counted = (table: Prisma.Sql, isProduction: Prisma.Sql) =>
    ask<Counted>(Prisma.sql`
      SELECT d.state, ${isProduction} AS "isProduction", count(*)::int AS count FROM ${table} place
      LEFT JOIN projects p ON p.id = place.project_id LEFT JOIN databases d ON d.id = p.database_id
      WHERE place.organization_id = ${organizationId} GROUP BY 1, 2`);
  const [sites, environments, domains] = await Promise.all([
    counted(Prisma.sql`sites`, Prisma.sql`false`),
    counted(Prisma.sql`environments`, Prisma.sql`place.is_production`),
    ask<{ domain: string }>(Prisma.sql`
      SELECT dev_domain AS domain FROM sites WHERE organization_id = ${organizationId} AND dev_domain IS NOT NULL
      UNION SELECT custom_domain FROM environments WHERE organization_id = ${organizationId} AND custom_domain IS NOT NULL`),
  ]);
  return {
    domains: domains.map(({ domain }) => domain).sort(),
    sites: countsOf(sites),
    environments: countsOf(environments),
    total_sites: sum(sites),
    total_environments: sum(environments),
    production_environments: sum(environments.filter(({ isProduction }) => isProduction)),
  };
}
