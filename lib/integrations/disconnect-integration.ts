import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import { endLiveSyncs, loadIntegration, lockIntegration } from './integrations.ts';

/** Forgets an integration and its token. The variables stay at the provider as they are. Throws not_found. */
export async function disconnectIntegration(context: Context, projectId: string, provider: Provider): Promise<void> {
  await db.$transaction(async (tx) => {
    const row = await loadIntegration(context, projectId, provider, tx);
    await lockIntegration(tx, row.id);
    await endLiveSyncs(tx, { id: row.id });
    await tx.integration.deleteMany({ where: { id: row.id } });
    await recordAudit(tx, context, { action: 'project.integration_disconnected', projectId, target: integrationTarget(row), metadata: integrationFacts(row) });
  });
}
