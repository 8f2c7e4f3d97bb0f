import { recordAudit } from '#lib/audit/record-audit.ts';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import type { Provider } from '#lib/contract/providers.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { currentCredential, loadProject } from '#lib/logins/load-project.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import { loadIntegration } from './load-integration.ts';
import { lockIntegration } from './lock-integration.ts';
import { mayRedeploy } from './may-redeploy.ts';
import { queueRedeployment, wakeRedeployment } from './queue-redeployment.ts';
import { integrationToWire } from './to-wire.ts';

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
