import { recordAudit } from '#lib/audit/record-audit.ts';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import type { Provider } from '#lib/contract/providers.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import { loadIntegration } from './load-integration.ts';
import { lockIntegration } from './lock-integration.ts';
import { integrationToWire } from './to-wire.ts';

/**
 * Takes note that what somebody changed at a provider is to stand, until the next rotation or a sync by hand writes over it.
 * @throws {DomainError} not_found, job_in_progress while a sync is under way, conflict where there is nothing to keep
 */
export async function keepTheirs(context: Context, projectId: string, provider: Provider): Promise<IntegrationWire> {
  await db.$transaction(async (tx) => {
    const { id } = await loadIntegration(context, projectId, provider, tx);
    if (!(await lockIntegration(tx, id))) throw notFound('integration');
    const row = await loadIntegration(context, projectId, provider, tx);
    const [live] = row.syncs;
    if (live) throw new DomainError('job_in_progress', 'A sync of this integration is queued or in progress. Wait for its job.', { jobId: live.jobId });
    const drifted = row.targets.filter(({ state, keptAt }) => state === 'drifted' && keptAt === null).map(({ target }) => target);
    if (drifted.length === 0) throw new DomainError('conflict', 'There is no drift that is not kept already. Nothing was changed.');
    await tx.integrationTarget.updateMany({
      where: { integrationId: id, target: { in: drifted } },
      data: { keptAt: storeTime(), keptBy: context.actor.name },
    });
    await recordAudit(tx, context, {
      action: 'project.integration_kept',
      projectId,
      target: integrationTarget(row),
      metadata: { ...integrationFacts(row), targets: drifted },
    });
  });
  return integrationToWire(await loadIntegration(context, projectId, provider));
}
