import { storeTime } from '#lib/kernel/clock.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { DEPLOYMENT_FAILURES, type DeploymentFailure } from './failures.ts';
import { type DeploymentRow, deploymentFacts } from './load-deployment.ts';

/** Says on the job of a deployment that it is under way, in the transaction that begins it. */
export async function beginJob(tx: Tx, { jobId, claimedBy }: DeploymentRow): Promise<void> {
  const now = storeTime();
  if (jobId) await tx.job.update({ where: { id: jobId }, data: { state: 'running', attempts: 1, claimedBy, claimedAt: now, startedAt: now } });
}

/** Ends the job of a deployment and tells so, in the transaction that ends the deployment. Answers what wakes a worker once that has committed. */
export async function endJob(tx: Tx, row: DeploymentRow, failure: DeploymentFailure | null): Promise<Message<'webhook.deliver'>[]> {
  const { jobId, organizationId, environment } = row;
  if (!jobId) return [];
  const error = failure && DEPLOYMENT_FAILURES[failure];
  await tx.job.update({
    where: { id: jobId },
    data: { state: failure ? 'failed' : 'completed', error, errorCode: failure, retryClassification: failure && 'terminal', completedAt: storeTime() },
  });
  return recordEvent(tx, {
    organizationId,
    projectId: environment.projectId,
    type: failure ? 'job.failed' : 'job.completed',
    data: { job_id: jobId, job_type: 'environment.deploy', ...deploymentFacts(row), ...(failure && { error_code: failure }) },
  });
}
