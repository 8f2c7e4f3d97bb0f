import type { IntegrationTarget } from '#generated/prisma/client.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { integrationFacts } from './facts.ts';
import type { SyncFailure } from './failures.ts';
import type { SyncAttempt } from './sync-attempt.ts';

/** Writes the events of a sync's end, in the transaction that ends it. Answers what wakes a worker once that has committed. */
export async function tellSyncEnded(
  tx: Tx,
  { row, version }: SyncAttempt,
  targets: IntegrationTarget[],
  errorCode: SyncFailure | null,
): Promise<Message<'webhook.deliver'>[]> {
  const { organizationId, projectId } = row.integration;
  const about = { organizationId, projectId };
  const facts = { ...integrationFacts(row.integration), version, requested_by: row.job.requestedBy, ...(errorCode && { error_code: errorCode }) };
  const held = targets.map(({ target, state, version: holds, failureCode }) => ({
    target,
    state,
    version: holds,
    ...(failureCode && { error_code: failureCode }),
  }));
  const job = { job_id: row.jobId, job_type: 'integration.sync_env', ...facts };
  return [
    ...(await recordEvent(tx, {
      ...about,
      type: errorCode ? 'integration.failed' : 'integration.synced',
      data: { job_id: row.jobId, ...facts, targets: held },
    })),
    ...(await recordEvent(tx, { ...about, type: errorCode ? 'job.failed' : 'job.completed', data: job })),
  ];
}
