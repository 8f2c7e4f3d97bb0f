import type { IntegrationTarget } from '#generated/prisma/client.ts';
import type { Tx } from '#lib/kernel/db.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { mayRedeploy } from './may-redeploy.ts';
import { queueRedeployment } from './queue-redeployment.ts';
import type { SyncAttempt } from './sync-attempt.ts';

/**
 * Has a deployment begun, where that was chosen, as soon as one target holds the new password: waiting for the others
 * would leave what runs there with the old one. Once for each version and configuration.
 */
export async function redeployIfChosen(tx: Tx, { row, version }: SyncAttempt, targets: IntegrationTarget[]): Promise<Message<'integration.redeploy'>[]> {
  const { integration } = row;
  const isBrought = targets.some((target) => target.syncId === row.id && target.version === version && target.state !== 'failed' && target.state !== 'drifted');
  if (integration.redeploy === 'manual' || !isBrought || !mayRedeploy(integration)) return [];
  const asked = await tx.redeployment.findFirst({ where: { integrationId: integration.id, version, createdAt: { gte: integration.revisedAt } } });
  return asked ? [] : [await queueRedeployment(tx, integration, { version, requestedBy: 'rekey' })];
}
