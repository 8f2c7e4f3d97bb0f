import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import { loadIntegration, lockIntegration } from './integrations.ts';
import { queueSync, wakeSyncs } from './queue-work.ts';

/** Has the current password brought to an integration by hand. Throws not_found, job_in_progress where a sync is queued or running. */
export async function requestSync(context: Context, projectId: string, provider: Provider): Promise<{ jobId: string }> {
  const queued = await db.$transaction(async (tx) => {
    const { id } = await loadIntegration(context, projectId, provider, tx);
    if (!(await lockIntegration(tx, id))) throw notFound('integration');
    const row = await loadIntegration(context, projectId, provider, tx);
    const [live] = row.syncs;
    if (live)
      throw new DomainError('job_in_progress', 'A sync of this integration is already queued or in progress. Wait for its job; no second one was started.', {
        jobId: live.jobId,
      });
    const drifted = row.targets.filter(({ state }) => state === 'drifted').map(({ target }) => target);
    const made = await queueSync(tx, row, context.actor.name);
    await recordAudit(tx, context, {
      action: 'project.integration_sync_requested',
      projectId,
      target: integrationTarget(row),
      metadata: { ...integrationFacts(row), job_id: made.jobId, ...(drifted.length > 0 && { put_back: drifted }) },
    });
    return made;
  });
  await wakeSyncs([queued]);
  return { jobId: queued.jobId };
}
