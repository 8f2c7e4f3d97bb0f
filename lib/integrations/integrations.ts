import type { Prisma } from '#generated/prisma/client.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { failureText, type SyncFailure } from './failures.ts';

/**
 * Locks an integration until the transaction ends, so that a rotation that completes and a sync that finishes see each
 * other. The login comes first, as everywhere: nobody waits for one who waits for him. False where it is gone.
 */
export async function lockIntegration(tx: Tx, id: string): Promise<boolean> {
  await tx.$queryRaw`
    SELECT FROM databases d JOIN projects p ON p.database_id = d.id JOIN integrations i ON i.project_id = p.id WHERE i.id = ${id} FOR KEY SHARE OF d`;
  const locked = await tx.$queryRaw<unknown[]>`SELECT FROM integrations WHERE id = ${id} FOR UPDATE`;
  return locked.length === 1;
}

export const INTEGRATION_PARTS = {
  targets: { orderBy: { target: 'asc' } },
  syncs: { where: { finishedAt: null }, include: { job: { select: { maxAttempts: true } } } },
  redeployments: { orderBy: { createdAt: 'desc' }, take: 1 },
} as const satisfies Prisma.IntegrationInclude;

export type IntegrationRow = Prisma.IntegrationGetPayload<{ include: typeof INTEGRATION_PARTS }>;

/** A project's integration with a provider. Throws not_found, also for another organization's and outside a limited key's reach. */
export async function loadIntegration(context: Context, projectId: string, provider: Provider, tx: Tx = db): Promise<IntegrationRow> {
  const row = await tx.integration.findFirst({
    where: { projectId, provider, project: { AND: [visibleProjects(context), { id: projectId }] } },
    include: INTEGRATION_PARTS,
  });
  if (!row) throw notFound('integration');
  return row;
}

/** Where a login was given another address or password by hand, no target is known to hold anything of it: the next proof of it is followed by a sync. */
export async function forgetVersions(tx: Tx, databaseId: string): Promise<void> {
  const integrations = { project: { databaseId } };
  await tx.integration.updateMany({ where: integrations, data: { revision: { increment: 1 }, revisedAt: storeTime() } });
  await tx.integrationTarget.updateMany({
    where: { integration: integrations },
    data: { state: 'pending', version: null, syncId: null, failureCode: null, refusals: [], keptAt: null, keptBy: null },
  });
}

/** Ends the jobs of syncs whose integrations are about to be deleted, since their syncs go with them, and tells so. */
export async function endLiveSyncs(tx: Tx, integrations: Prisma.IntegrationWhereInput): Promise<void> {
  const errorCode: SyncFailure = 'disconnected';
  const ending = { state: 'failed', error: failureText(errorCode, { isOver: true }), errorCode, retryClassification: 'terminal' } as const;
  const live = await tx.job.findMany({ where: { sync: { finishedAt: null, integration: integrations } } });
  for (const { id, organizationId, projectId, requestedBy } of live) {
    await tx.job.update({ where: { id }, data: { ...ending, completedAt: storeTime() } });
    const data = { job_id: id, job_type: 'integration.sync_env', requested_by: requestedBy, error_code: errorCode };
    await recordEvent(tx, { organizationId, projectId, type: 'job.failed', data });
  }
}
