import type { Integration as IntegrationRow, Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Context, systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { currentCredential, loadProject } from '#lib/logins/load-project.ts';
import { isHookAllowed } from '#lib/outbound/check-hook-url.ts';
import { type Claim, ClaimLost, holdClaim } from '#lib/queue/claim.ts';
import { claimRedeployment } from './claim-redeployment.ts';
import { readConfig } from './config.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import { failureText, isRetryable, type SyncFailure } from './failures.ts';
import { IntegrationError, type Redeploy } from './integration.ts';
import { loadIntegration, lockIntegration } from './integrations.ts';
import { mayRedeploy } from './may-redeploy.ts';
import { queueRedeployment, wakeRedeployment } from './queue-work.ts';
import { integrationFor } from './registry.ts';
import { nextAttemptAt } from './retry-at.ts';
import { openHook, openToken } from './seal-token.ts';
import type { Chance } from './sync-integration.ts';
import { integrationToWire } from './to-wire.ts';

type Redeployment = Prisma.RedeploymentGetPayload<{ include: { integration: true } }>;
type Answer = { id: string | null } | { failureCode: SyncFailure; retryAt: Date | null };

/** Asks the provider once for a deployment, if it is due and nobody living has it. A crash in it leads to one more: two do no harm, none would. */
export async function redeploy(id: string, workerId: string, chance: Chance = { clock: storeTime, random: Math.random }): Promise<void> {
  const claim = await claimRedeployment(id, workerId);
  if (!claim) return;
  await failpoint('redeploy.claimed');
  const row = await db.redeployment.findUnique({ where: { id }, include: { integration: true } });
  // Disconnected at this very moment.
  if (!row) return;
  const answer = await ask(row.integration);
  await failpoint('redeploy.asked');
  try {
    await record(claim, row, answer, chance);
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
  }
}

async function ask(integration: IntegrationRow): Promise<Answer> {
  if (!mayRedeploy(integration)) return { failureCode: 'no_way_to_redeploy', retryAt: null };
  try {
    const place = { token: await openToken(integration), externalId: integration.externalId, accountId: integration.accountId };
    return await integrationFor(integration.provider).redeploy(place, await howOf(integration));
  } catch (error) {
    if (error instanceof IntegrationError) return { failureCode: error.code, retryAt: error.retryAt };
    if (error instanceof InsecureHookError) return { failureCode: 'insecure_hook', retryAt: null };
    if (error instanceof SealBrokenError) return { failureCode: 'secret_unreadable', retryAt: null };
    log.error({ integration: integration.id, error: describeError(error) }, 'a redeployment could not be requested');
    return { failureCode: 'unforeseen', retryAt: null };
  }
}

/** The hook was given to an earlier version of Rekey, which called it over plain http. */
class InsecureHookError extends Error {}

/** A deploy hook comes first: it builds anew, where a deployment made over the API may inherit old variables. */
async function howOf(integration: IntegrationRow): Promise<Redeploy> {
  const url = await openHook(integration);
  if (url && !isHookAllowed(url.reveal())) throw new InsecureHookError();
  if (url) return { by: 'hook', url };
  const { ref, workflow } = readConfig(integration.config);
  return { by: 'api', ...(ref && { ref }), ...(workflow && { workflow }) };
}

async function record(
  claim: Claim<'integration.redeploy'>,
  { id, attempts, version, requestedBy, integration }: Redeployment,
  answer: Answer,
  { clock, random }: Chance,
): Promise<void> {
  const now = clock();
  const failureCode = 'failureCode' in answer ? answer.failureCode : null;
  const retryAt = 'failureCode' in answer && isRetryable(answer.failureCode) ? nextAttemptAt(attempts, now, answer.retryAt, random) : null;
  const ending = retryAt
    ? { nextAttemptAt: retryAt }
    : { state: failureCode ? ('failed' as const) : ('started' as const), finishedAt: now, externalId: 'id' in answer ? answer.id : null };
  await db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    await tx.redeployment.update({ where: { id }, data: { ...ending, failureCode, claimedBy: null, leaseUntil: null } });
    if (retryAt) return;
    await recordAudit(tx, systemContext(integration.organizationId), {
      action: failureCode ? 'project.integration_redeploy_failed' : 'project.integration_redeployed',
      projectId: integration.projectId,
      target: integrationTarget(integration),
      reason: failureCode ? failureText(failureCode, { isOver: true }) : undefined,
      metadata: { ...integrationFacts(integration), version, requested_by: requestedBy, ...(failureCode && { code: failureCode }) },
    });
  });
}

/** Has a deployment begun that takes up the variables, by hand. Throws not_found, and conflict where there is no way to, or one is being asked for. */
export async function requestRedeployment(context: Context, projectId: string, provider: Provider): Promise<IntegrationWire> {
  const message = await db.$transaction(async (tx) => {
    const { version } = currentCredential(await loadProject(context, projectId, tx));
    const { id } = await loadIntegration(context, projectId, provider, tx);
    if (!(await lockIntegration(tx, id))) throw notFound('integration');
    const row = await loadIntegration(context, projectId, provider, tx);
    if (!mayRedeploy(row))
      throw new DomainError('conflict', 'Rekey cannot start a redeployment here: add a deploy hook or a workflow first. Nothing was changed.');
    if (row.redeployments.some(({ state }) => state === 'requested'))
      throw new DomainError('conflict', 'A redeployment is already being requested. Wait for it; no second one was requested.');
    await recordAudit(tx, context, {
      action: 'project.integration_redeploy_requested',
      projectId,
      target: integrationTarget(row),
      metadata: { ...integrationFacts(row), version },
    });
    return queueRedeployment(tx, row, { version, requestedBy: context.actor.name });
  });
  await wakeRedeployment(message);
  return integrationToWire(await loadIntegration(context, projectId, provider));
}
