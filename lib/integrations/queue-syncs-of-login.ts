import type { Tx } from '#lib/kernel/db.ts';
import { lockIntegration } from './lock-integration.ts';
import { type QueuedSync, queueSync } from './queue-sync.ts';

/**
 * Has the password of a login brought to the integrations of every project that uses it, inside the transaction that
 * makes it the one to use. `onlyBehind`: only where a target does not hold `version` yet. Wake them once that has committed.
 */
export async function queueSyncsOfLogin(tx: Tx, databaseId: string, requestedBy: string, onlyBehind?: { version: number }): Promise<QueuedSync[]> {
  const behind = onlyBehind && { targets: { some: { OR: [{ version: null }, { version: { lt: onlyBehind.version } }] } } };
  const integrations = await tx.integration.findMany({ where: { project: { databaseId }, ...behind }, orderBy: { id: 'asc' } });
  const queued: QueuedSync[] = [];
  for (const integration of integrations) if (await lockIntegration(tx, integration.id)) queued.push(await queueSync(tx, integration, requestedBy));
  return queued;
}
