import { recordAudit } from '#lib/audit/record-audit.ts';
import type { CreateDeploymentBody, DeploymentWire } from '#lib/contract/vector/deployment.ts';
import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { wake } from '#lib/queue/wake.ts';
import { loadEnvironment } from '#lib/sites/load-environment.ts';
import { DEPLOYMENT_PARTS, deploymentFacts, deploymentToWire } from './load-deployment.ts';

/** How long a deployment may take in all: 30 minutes. */
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
