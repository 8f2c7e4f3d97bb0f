import { Prisma } from '#generated/prisma/client.ts';
import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { IntegrationWire, UpdateIntegrationBody } from '#lib/contract/integration.ts';
import type { JobWire } from '#lib/contract/job.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { getJob } from '#lib/jobs/jobs.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { loadProject } from '#lib/logins/load-project.ts';
import { checkHookUrl } from '#lib/outbound/check-hook-url.ts';
import { askProvider } from './call-provider.ts';
import { checkChoice, chooseTargets, defaultVariables, targetsOf } from './config.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import { loadIntegration } from './integrations.ts';
import { checkRedeploy } from './may-redeploy.ts';
import { queueSync, wakeSyncs } from './queue-work.ts';
import { integrationFor } from './registry.ts';
import { listWinning } from './rotation-warning.ts';
import { sealHook, sealToken } from './seal-token.ts';
import { integrationToWire } from './to-wire.ts';

const UNIQUE_VIOLATION = 'P2002';

interface Connecting {
  provider: Provider;
  token: string;
  externalId: string;
  accountId: string | null;
  /** The field that names the place, for what is wrong with it. */
  placeField: string;
  settings: Omit<UpdateIntegrationBody, 'token'>;
}

/**
 * Connects a project with a place at a provider, once the token is proven, and has the current password brought there.
 * @throws {DomainError} not_found, forbidden for a key that may not read the password, validation_failed naming the field, conflict where it is connected, provider_failed
 */
export async function connectIntegration(context: Context, projectId: string, connecting: Connecting): Promise<{ integration: IntegrationWire; job: JobWire }> {
  const { organizationId, database } = await loadProject(context, projectId);
  // Choosing the place amounts to reading the password: it is written there.
  authorize(context, 'credentials.read', { projectId });
  const { provider, placeField, settings } = connecting;
  checkHookUrl(settings.deploy_hook_url);
  const adapter = integrationFor(provider);
  const { default: defaults } = targetsOf(provider);
  const targets = chooseTargets(provider, { targets: settings.targets, previews: settings.preview_branches }, defaults);
  const variables = settings.variables ?? defaultVariables(database.server.engine);
  checkChoice(adapter, targets, variables);
  const token = new Secret(connecting.token);
  const place = await askProvider(() => adapter.readPlace({ token, externalId: connecting.externalId, accountId: connecting.accountId }), placeField);

  const key = { id: newId('itg'), organizationId, tokenVersion: 1, hookVersion: 1 };
  const { redeploy = 'manual', deploy_hook_url: hook, workflow = null, ref = null } = settings;
  const row = {
    ...key,
    projectId,
    provider,
    externalId: place.externalId,
    accountId: place.accountId,
    name: place.name,
    tokenSealed: await sealToken(key, token),
    config: { variables, workflow, ref },
    redeploy,
    hookSealed: hook ? await sealHook(key, new Secret(hook)) : null,
  };
  checkRedeploy(row);
  const ownTargets = (await listWinning(adapter, { ...place, token })) ?? [];
  try {
    const queued = await db.$transaction(async (tx) => {
      await tx.integration.create({
        data: { ...row, ownTargets: ownTargets.map((one) => ({ ...one })), targets: { create: targets.map((target) => ({ organizationId, target })) } },
      });
      await recordAudit(tx, context, {
        action: 'project.integration_connected',
        projectId,
        target: integrationTarget(row),
        metadata: { ...integrationFacts(row), targets, variables: variables.map(({ name }) => name) },
      });
      return queueSync(tx, row, context.actor.name);
    });
    await wakeSyncs([queued]);
    const [integration, job] = await Promise.all([loadIntegration(context, projectId, provider), getJob(context, queued.jobId)]);
    return { integration: integrationToWire(integration), job };
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === UNIQUE_VIOLATION)
      throw new DomainError('conflict', `The project is already connected to ${provider}. Replace its token, or disconnect it first; nothing was changed.`);
    throw error;
  }
}
