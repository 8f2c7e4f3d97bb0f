import type { IntegrationWire } from '#lib/contract/integration.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { loadProject } from '#lib/logins/load-project.ts';
import { ClaimLost, settleClaim, takeOver } from '#lib/queue/claim.ts';
import { askProvider } from './call-provider.ts';
import { checkTargets, planDriftCheck } from './drift.ts';
import { failureText, type SyncFailure } from './failures.ts';
import { loadIntegration } from './integrations.ts';
import { integrationToWire } from './to-wire.ts';

/**
 * Looks whether each target still holds what was brought there, and changes nothing at the provider. Targets that do not
 * hold the version of now are left as they are: a sync is what they need.
 * @throws {DomainError} not_found, validation_failed for the token, job_in_progress while a sync is in progress, provider_failed, conflict
 */
export async function checkIntegration(context: Context, projectId: string, provider: Provider): Promise<IntegrationWire> {
  // One after the other: of two at once either may be the first that is not there.
  const project = await loadProject(context, projectId);
  const row = await loadIntegration(context, projectId, provider);
  const [live] = row.syncs;
  if (live)
    throw new DomainError('job_in_progress', 'A sync of this integration is queued or in progress and checks the values itself. Wait for its job.', {
      jobId: live.jobId,
    });
  const claim = await takeOver('integration.check', row.id);
  try {
    await askProvider(() => checkTargets(context, row, project, claim), 'token');
    await db.$transaction(async (tx) => {
      await settleClaim(tx, claim);
      await planDriftCheck(row.id, { now: storeTime(), random: Math.random }, tx);
    });
  } catch (error) {
    // A later look has written what it found, which is newer.
    if (error instanceof ClaimLost) return integrationToWire(await loadIntegration(context, projectId, provider));
    if (!(error instanceof SealBrokenError)) throw error;
    const code: SyncFailure = 'secret_unreadable';
    throw new DomainError('conflict', failureText(code, { isOver: true }));
  }
  return integrationToWire(await loadIntegration(context, projectId, provider));
}
