import type { Prisma } from '#generated/prisma/client.ts';
import type { DeploymentParams, DeploymentWire } from '#lib/contract/vector/deployment.ts';
import { labelOf } from '#lib/contract/vector/label.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { loadEnvironment } from '#lib/sites/load-environment.ts';
import { environmentSummary } from '#lib/sites/to-wire.ts';

export const DEPLOYMENT_PARTS = { environment: { include: { site: true } }, credential: true } as const satisfies Prisma.DeploymentInclude;
export type DeploymentRow = Prisma.DeploymentGetPayload<{ include: typeof DEPLOYMENT_PARTS }>;

/** One deployment, at the address that was asked. Throws not_found. */
export async function getDeployment(context: Context, { siteId, environmentId, deploymentId }: DeploymentParams): Promise<DeploymentWire> {
  const environment = environmentId === undefined ? null : await loadEnvironment(context, { siteId, environmentId });
  const where = { id: deploymentId, organizationId: context.organizationId, ...(environment && { environmentId: environment.id }) };
  const row = await db.deployment.findFirst({ where, include: DEPLOYMENT_PARTS });
  if (!row) throw notFound('deployment');
  return deploymentToWire(row);
}

/** A deployment as the sites dialect shows it. */
export const deploymentToWire = (row: DeploymentRow): DeploymentWire => ({
  id: row.id,
  environment_id: publicId(row.environment),
  vector_environment_id: publicId(row.environment),
  status: row.state,
  status_label: labelOf(row.state),
  stdout: row.stdout,
  stderr: row.stderr,
  actor: row.actor,
  environment: environmentSummary(row.environment),
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
  number: row.number,
  job_id: row.jobId,
  credential_version: row.credential?.version ?? null,
  error_code: row.errorCode,
  started_at: row.startedAt?.toISOString() ?? null,
  finished_at: row.finishedAt?.toISOString() ?? null,
  completed_at: row.finishedAt?.toISOString() ?? null,
});

/** What events and the audit log tell of a deployment. */
export const deploymentFacts = ({ id, number, environment, actor, credential }: DeploymentRow) => ({
  deployment_id: id,
  number,
  environment_id: publicId(environment),
  site_id: publicId(environment.site),
  name: environment.name,
  requested_by: actor,
  ...(credential && { credential_version: credential.version }),
});
