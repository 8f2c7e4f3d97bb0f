import type { Prisma } from '#generated/prisma/client.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { wake } from '#lib/queue/wake.ts';
import { lockIntegration } from './integrations.ts';
import { MAX_ATTEMPTS } from './retry-at.ts';

/** The lane of a provider: one that does not answer keeps no other waiting. */
export const laneOfProvider = (provider: Provider): string => `integration ${provider}`;

interface Syncable {
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
 * Where a sync is in progress already, that one begins anew: what it reads next is the password of now.
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

/** The sync in progress, with all its tries before it, at once, or when the provider said. */
async function beginAnew(tx: Tx, integrationId: string): Promise<{ id: string; jobId: string } | null> {
  const [live] = await tx.$queryRaw<{ id: string; jobId: string }[]>`
    UPDATE syncs SET attempts = 0, next_attempt_at = greatest(now(), not_before)
    WHERE integration_id = ${integrationId} AND finished_at IS NULL RETURNING id, job_id AS "jobId"`;
  return live ?? null;
}

/**
 * Has the password of a login brought to the integrations of every project that uses it, inside the transaction that
 * makes it the one to use. `onlyBehind`: only where a target does not hold `version` yet. Wake them once that has committed.
 */
export async function queueSyncsOfLogin(tx: Tx, databaseId: string, requestedBy: string, onlyBehind?: { version: number }): Promise<QueuedSync[]> {
  const behind = onlyBehind && { targets: { some: { OR: [{ version: null }, { version: { lt: onlyBehind.version } }] } } };
  const integrations = await tx.integration.findMany({ where: { project: { databaseId }, ...behind }, orderBy: { id: 'asc' } });
  const queued: QueuedSync[] = [];
  for (const integration of integrations) if (await lockIntegration(tx, integration.id)) queued.push(await queueSync(tx, integration, requestedBy));
  return queued;
}

/** Wakes a worker for each sync, after the transaction that queued it has committed. Never throws. */
export async function wakeSyncs(queued: QueuedSync[]): Promise<void> {
  await Promise.all(queued.map(({ message }) => wake('integration.sync', message)));
}

interface Deployable {
  id: string;
  organizationId: string;
  provider: Provider;
}

interface Asked {
  version: number;
  requestedBy: string;
}

/**
 * Has a deployment asked for, inside the transaction that makes it needed; the integration is locked. One that is still
 * to be asked for is asked for this version, anew: whoever is at it may have come before the variables.
 * Wake it once that has committed.
 */
export async function queueRedeployment(
  tx: Tx,
  { id: integrationId, organizationId, provider }: Deployable,
  asked: Asked,
): Promise<Message<'integration.redeploy'>> {
  const lane = laneOfProvider(provider);
  const live = await tx.redeployment.findFirst({ where: { integrationId, finishedAt: null }, select: { id: true } });
  if (live) {
    const now = storeTime();
    const anew = { attempts: 0, fence: { increment: 1 }, claimedBy: null, leaseUntil: null, failureCode: null, nextAttemptAt: now, createdAt: now };
    const { count } = await tx.redeployment.updateMany({ where: { id: live.id, finishedAt: null }, data: { ...asked, ...anew } });
    if (count === 1) return { redeploymentId: live.id, lane };
  }
  const id = newId('rdp');
  await tx.redeployment.create({ data: { id, organizationId, integrationId, ...asked } });
  return { redeploymentId: id, lane };
}

/** Wakes a worker for a deployment whose transaction has committed. Never throws. */
export const wakeRedeployment = (message: Message<'integration.redeploy'>): Promise<void> => wake('integration.redeploy', message);
