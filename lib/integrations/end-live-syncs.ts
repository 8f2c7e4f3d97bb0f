import type { Prisma } from '#generated/prisma/client.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { failureText, type SyncFailure } from './failures.ts';

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
