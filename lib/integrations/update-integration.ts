import type { Integration } from '#generated/prisma/client.ts';
import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { IntegrationWire, UpdateIntegrationBody } from '#lib/contract/integration.ts';
import type { JobWire } from '#lib/contract/job.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { getJob } from '#lib/jobs/jobs.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { checkHookUrl } from '#lib/outbound/check-hook-url.ts';
import { askProvider } from './call-provider.ts';
import { checkChoice, chooseTargets, readConfig } from './config.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import { loadIntegration, lockIntegration } from './integrations.ts';
import { checkRedeploy } from './may-redeploy.ts';
import { type QueuedSync, queueSync, wakeSyncs } from './queue-work.ts';
import { integrationFor } from './registry.ts';
import { sealHook, sealToken } from './seal-token.ts';
import { integrationToWire } from './to-wire.ts';

/** What reaches the provider: its change is followed by a sync. */
const WRITTEN = ['token', 'variables', 'targets', 'preview_branches'] as const satisfies (keyof UpdateIntegrationBody)[];
/** What changes what is written: somebody else's change is written over with it, which another token alone is no reason for. */
const WRITTEN_OVER = ['variables', 'targets', 'preview_branches'] as const satisfies (keyof UpdateIntegrationBody)[];

/**
 * Changes what is given; a new token is proven first. What is written at the provider is brought there by a sync.
 * @throws {DomainError} not_found, forbidden for a key that may not read the password, validation_failed naming the field, provider_failed
 */
export async function updateIntegration(
  context: Context,
  projectId: string,
  provider: Provider,
  body: UpdateIntegrationBody,
): Promise<{ integration: IntegrationWire; job: JobWire | null }> {
  const { id, externalId, accountId } = await loadIntegration(context, projectId, provider);
  const isWrittenOver = WRITTEN_OVER.some((field) => body[field] !== undefined);
  // A variable of another name, or of previews, may be one that everybody reads.
  if (isWrittenOver) authorize(context, 'credentials.read', { projectId });
  if (body.token !== undefined) {
    const token = new Secret(body.token);
    await askProvider(() => integrationFor(provider).readPlace({ token, externalId, accountId }), 'token');
  }
  checkHookUrl(body.deploy_hook_url);
  const queued = await db.$transaction(async (tx) => {
    if (!(await lockIntegration(tx, id))) throw notFound('integration');
    const { targets, ...row } = await loadIntegration(context, projectId, provider, tx);
    const config = readConfig(row.config);
    const variables = body.variables ?? config.variables;
    const was = targets.map(({ target }) => target);
    const chosen = chooseTargets(provider, { targets: body.targets, previews: body.preview_branches }, was);
    checkChoice(integrationFor(provider), chosen, variables);
    const { workflow = config.workflow, ref = config.ref, redeploy = row.redeploy } = body;
    const isWritten = WRITTEN.some((field) => body[field] !== undefined);
    const data = {
      config: { variables, workflow, ref },
      redeploy,
      ...(await tokenColumns(row, body.token)),
      ...(await hookColumns(row, body.deploy_hook_url)),
      ...(isWritten && { revision: row.revision + 1, revisedAt: storeTime() }),
    };
    checkRedeploy({ provider, hookSealed: row.hookSealed, ...data });
    await tx.integration.update({ where: { id }, data });
    await setTargets(tx, row, was, chosen);
    await recordAudit(tx, context, {
      action: 'project.integration_updated',
      projectId,
      target: integrationTarget(row),
      metadata: { ...integrationFacts(row), fields: Object.keys(body) },
    });
    return isWritten ? queueSync(tx, row, context.actor.name, isWrittenOver ? undefined : { state: 'drifted' }) : null;
  });
  return answer(context, projectId, provider, queued);
}

async function answer(context: Context, projectId: string, provider: Provider, queued: QueuedSync | null) {
  if (queued) await wakeSyncs([queued]);
  const [row, job] = await Promise.all([loadIntegration(context, projectId, provider), queued && getJob(context, queued.jobId)]);
  return { integration: integrationToWire(row), job };
}

async function tokenColumns(row: Integration, token: string | undefined) {
  if (token === undefined) return {};
  const tokenVersion = row.tokenVersion + 1;
  return { tokenVersion, tokenSealed: await sealToken({ ...row, tokenVersion }, new Secret(token)) };
}

async function hookColumns(row: Integration, url: string | null | undefined) {
  if (url === undefined) return {};
  const hookVersion = row.hookVersion + 1;
  return { hookVersion, hookSealed: url === null ? null : await sealHook({ ...row, hookVersion }, new Secret(url)) };
}

async function setTargets(tx: Tx, { id: integrationId, organizationId }: Integration, was: string[], chosen: string[]): Promise<void> {
  await tx.integrationTarget.deleteMany({ where: { integrationId, target: { notIn: chosen } } });
  const added = chosen.filter((target) => !was.includes(target));
  await tx.integrationTarget.createMany({ data: added.map((target) => ({ integrationId, organizationId, target })) });
}
