import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { CreateDeploymentBody, DeploymentParams, DeploymentWire, SiteDeploymentsQuery } from '#lib/contract/vector/deployment.ts';
import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import { labelOf } from '#lib/contract/vector/label.ts';
import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { wake } from '#lib/queue/wake.ts';
import { loadEnvironment } from '#lib/sites/environments.ts';
import { loadSite } from '#lib/sites/load-site.ts';
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

/** A deployment as the sites API shows it. */
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

/** A page of the deployments of an environment, newest first. Throws not_found. */
export const pageDeployments = async (context: Context, params: EnvironmentParams, page: PageQuery): Promise<Page<DeploymentWire>> =>
  pageOf({ environmentId: (await loadEnvironment(context, params)).id }, [{ number: 'desc' }], page);

/** The same of all environments of a site, or of the one of that name. Throws not_found. */
export async function pageSiteDeployments(
  context: Context,
  siteId: string,
  { environment: name, ...page }: SiteDeploymentsQuery,
): Promise<Page<DeploymentWire>> {
  const { id } = await loadSite(context, siteId);
  return pageOf({ environment: { siteId: id, ...(name !== undefined && { name }) } }, [{ createdAt: 'desc' }, { number: 'desc' }], page);
}

/** Within one environment the number alone is the order: its index has the page without a sort. */
async function pageOf(
  where: Prisma.DeploymentWhereInput,
  orderBy: Prisma.DeploymentOrderByWithRelationInput[],
  page: PageQuery,
): Promise<Page<DeploymentWire>> {
  const [rows, total] = await Promise.all([
    db.deployment.findMany({ where, include: DEPLOYMENT_PARTS, orderBy, ...rowsOf(page) }),
    db.deployment.count({ where }),
  ]);
  return { items: rows.map(deploymentToWire), total };
}

/** Maximum duration of a deployment: 30 minutes. */
const DEADLINE_MS = 30 * 60_000;

/** Asks for a deployment of an environment; a worker does it. Throws not_found, and deployment_in_progress while another one runs. */
export async function requestDeployment(context: Context, params: EnvironmentParams, body: CreateDeploymentBody): Promise<DeploymentWire> {
  const row = await db.$transaction(async (tx) => {
    const environment = await loadEnvironment(context, params, tx);
    const { id: environmentId, organizationId } = environment;
    await tx.$queryRaw`SELECT FROM environments WHERE id = ${environmentId} FOR UPDATE`;
    const last = await tx.deployment.findFirst({ where: { environmentId }, orderBy: { number: 'desc' } });
    if (last && (last.state === 'pending' || last.state === 'deploying'))
      throw new DomainError(
        'deployment_in_progress',
        `Deployment ${last.number} of ${environment.name} is in progress. Wait until it ends; no second one was started.`,
      );
    const actor = context.actor.name;
    const jobId = environment.project && newId('job');
    if (jobId && environment.project) {
      const { id: projectId, databaseId } = environment.project;
      await tx.job.create({ data: { id: jobId, organizationId, databaseId, projectId, type: 'deploy', maxAttempts: 1, requestedBy: actor } });
    }
    const created = await tx.deployment.create({
      data: {
        id: newId('dpl'),
        jobId,
        organizationId,
        environmentId,
        number: (last?.number ?? 0) + 1,
        isMarked: body.mark_as_deployed ?? false,
        actor,
        deadlineAt: storeTime(DEADLINE_MS),
      },
      include: DEPLOYMENT_PARTS,
    });
    await recordAudit(tx, context, {
      action: 'deployment.requested',
      ...(environment.projectId !== null && { projectId: environment.projectId }),
      metadata: { ...deploymentFacts(created), is_marked: created.isMarked },
    });
    return created;
  });
  void wake('deployment.run', { deploymentId: row.id });
  return deploymentToWire(row);
}
