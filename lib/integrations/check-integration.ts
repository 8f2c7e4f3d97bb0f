import type { Context } from '#lib/context.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { db } from '#lib/db.ts';
import { DomainError } from '#lib/errors.ts';
import type { IntegrationWire } from '#lib/http/wire/integration.ts';
import { currentCredential, loadProject } from '#lib/projects/load-project.ts';
import { askProvider } from './ask-provider.ts';
import { readConfig } from './config.ts';
import { failureText, type SyncFailure } from './failures.ts';
import type { HeldValue, Provider } from './integration.ts';
import { loadIntegration } from './load-integration.ts';
import { judgeHeld } from './push-target.ts';
import { integrationFor } from './registry.ts';
import { openToken } from './seal-token.ts';
import { integrationToWire } from './to-wire.ts';
import { valuesOf } from './values-of.ts';

/**
 * Looks whether each target still holds what was brought there, and changes nothing at the provider. Targets that do not
 * hold the version of now are left as they are: a sync is what they need.
 * @throws {DomainError} not_found, validation_failed for the token, job_in_progress while a sync is under way, provider_failed, conflict
 */
export async function checkIntegration(context: Context, projectId: string, provider: Provider): Promise<IntegrationWire> {
  const [project, row] = await Promise.all([loadProject(context, projectId), loadIntegration(context, projectId, provider)]);
  const [live] = row.syncs;
  if (live)
    throw new DomainError('job_in_progress', 'A sync of this integration is queued or running and looks itself. Wait for its job.', { jobId: live.jobId });
  const { version } = currentCredential(project);
  const adapter = integrationFor(provider);
  const { place, variables } = await openAll();
  for (const { target } of row.targets.filter((one) => one.version === version)) {
    const held = await askProvider(() => adapter.compareVariables(place, target, variables), 'token');
    await record(target, Object.values(held));
  }
  return integrationToWire(await loadIntegration(context, projectId, provider));

  async function openAll() {
    try {
      const { externalId, accountId } = row;
      return { place: { token: await openToken(row), externalId, accountId }, variables: await valuesOf(project, readConfig(row.config).variables) };
    } catch (error) {
      if (!(error instanceof SealBrokenError)) throw error;
      const code: SyncFailure = 'secret_unreadable';
      throw new DomainError('conflict', failureText(code, { isOver: true }));
    }
  }

  /** Unless a sync has begun or something was configured anew meanwhile. */
  async function record(target: string, held: HeldValue[]): Promise<void> {
    const { state, failureCode } = judgeHeld(held, variables.length);
    await db.integrationTarget.updateMany({
      where: { integrationId: row.id, target, version, integration: { revision: row.revision, syncs: { none: { finishedAt: null } } } },
      data: { state, failureCode, checkedAt: new Date() },
    });
  }
}
