import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { type Page, rowsOf } from '#lib/http/vector/page.ts';
import type { DeploymentWire } from '#lib/http/wire/vector/deployment.ts';
import type { PageQuery } from '#lib/http/wire/vector/envelope.ts';
import type { EnvironmentParams } from '#lib/http/wire/vector/site.ts';
import { loadEnvironment } from '#lib/sites/load-environment.ts';
import { DEPLOYMENT_PARTS, deploymentToWire } from './load-deployment.ts';

/** A page of the deployments of an environment, newest first. Throws not_found. */
export async function pageDeployments(context: Context, params: EnvironmentParams, page: PageQuery): Promise<Page<DeploymentWire>> {
  const where = { environmentId: (await loadEnvironment(context, params)).id };
  const [rows, total] = await Promise.all([
    db.deployment.findMany({ where, include: DEPLOYMENT_PARTS, orderBy: { number: 'desc' }, ...rowsOf(page) }),
    db.deployment.count({ where }),
  ]);
  return { items: rows.map(deploymentToWire), total };
}
