import type { Prisma } from '#generated/prisma/client.ts';
import type { Provider } from '#lib/contract/providers.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { laneOfProvider } from './lane.ts';
import { MAX_ATTEMPTS } from './retry-schedule.ts';

export interface Syncable {
  id: string;
  organizationId: string;
  projectId: string;
  provider: Provider;
}

export interface QueuedSync {
  jobId: string;
  message: Message<'integration.sync'>;
}

/**
 * Has the current password brought to all targets of a locked integration, inside the transaction that makes it needed.
 * Where a sync is under way already, that one begins anew: what it reads next is the password of now.
 * `spared`: targets that are left as they are, for nobody has said that what somebody changed there is to be written over.
 */
export async function queueSync(tx: Tx, integration: Syncable, requestedBy: string, spared?: Prisma.IntegrationTargetWhereInput): Promise<QueuedSync> {
  const { id: integrationId, organizationId, projectId, provider } = integration;
  await tx.integrationTarget.updateMany({
    where: { integrationId, ...(spared && { NOT: spared }) },
    data: { state: 'pending', syncId: null, failureCode: null, refusals: [], keptAt: null, keptBy: null },
  });
  const live = await beginAnew(tx, integrationId);
  if (live) return { jobId: live.jobId, message: { syncId: live.id, lane: laneOfProvider(provider) } };
  const { databaseId } = await tx.project.findUniqueOrThrow({ where: { id: projectId }, select: { databaseId: true } });
  const [id, jobId] = [newId('syn'), newId('job')];
  await tx.job.create({ data: { id: jobId, organizationId, databaseId, projectId, type: 'sync_env', maxAttempts: MAX_ATTEMPTS, requestedBy } });
  await tx.sync.create({ data: { id, organizationId, integrationId, jobId } });
  return { jobId, message: { syncId: id, lane: laneOfProvider(provider) } };
}

/** The sync under way, with all its tries before it, at once, or when the provider said. */
async function beginAnew(tx: Tx, integrationId: string): Promise<{ id: string; jobId: string } | null> {
  const [live] = await tx.$queryRaw<{ id: string; jobId: string }[]>`
    UPDATE syncs SET attempts = 0, next_attempt_at = greatest(now(), not_before)
    WHERE integration_id = ${integrationId} AND finished_at IS NULL RETURNING id, job_id AS "jobId"`;
  return live ?? null;
}
