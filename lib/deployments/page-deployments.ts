import type { Prisma } from '#generated/prisma/client.ts';
import type { DeploymentWire, SiteDeploymentsQuery } from '#lib/contract/vector/deployment.ts';
import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { loadEnvironment } from '#lib/sites/load-environment.ts';
import { loadSite } from '#lib/sites/load-site.ts';
import { DEPLOYMENT_PARTS, deploymentToWire } from './load-deployment.ts';

/** A page of the deployments of an environment, newest first. Throws not_found. */
export const pageDeployments = async (context: Context, params: EnvironmentParams, page: PageQuery): Promise<Page<DeploymentWire>> =>
  pageOf({ environmentId: (await loadEnvironment(context, params)).id }, page);

/** The same of all environments of a site, or of the one of that name. Throws not_found. */
export async function pageSiteDeployments(
  context: Context,
  siteId: string,
  { environment: name, ...page }: SiteDeploymentsQuery,
): Promise<Page<DeploymentWire>> {
  const { id } = await loadSite(context, siteId);
  return pageOf({ environment: { siteId: id, ...(name !== undefined && { name }) } }, page);
}

async function pageOf(where: Prisma.DeploymentWhereInput, page: PageQuery): Promise<Page<DeploymentWire>> {
  const [rows, total] = await Promise.all([
    db.deployment.findMany({ where, include: DEPLOYMENT_PARTS, orderBy: [{ createdAt: 'desc' }, { number: 'desc' }], ...rowsOf(page) }),
    db.deployment.count({ where }),
  ]);
  return { items: rows.map(deploymentToWire), total };
}
