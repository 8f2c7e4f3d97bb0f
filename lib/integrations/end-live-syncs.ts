import type { Prisma } from '#generated/prisma/client.ts';
import type { Tx } from '#lib/db.ts';
import { failureText, type SyncFailure } from './failures.ts';

/** Ends the jobs of syncs whose integrations are about to be deleted: their syncs go with them. */
export async function endLiveSyncs(tx: Tx, integrations: Prisma.IntegrationWhereInput): Promise<void> {
  const errorCode: SyncFailure = 'disconnected';
  await tx.job.updateMany({
    where: { sync: { finishedAt: null, integration: integrations } },
    data: { state: 'failed', error: failureText(errorCode, { isOver: true }), errorCode, retryClassification: 'terminal', completedAt: new Date() },
  });
}
