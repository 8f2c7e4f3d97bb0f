import { storeTime } from '#lib/kernel/clock.ts';
import type { Tx } from '#lib/kernel/db.ts';

/** Where a login was given another address or password by hand, no target is known to hold anything of it: the next proof of it is followed by a sync. */
export async function forgetVersions(tx: Tx, databaseId: string): Promise<void> {
  const integrations = { project: { databaseId } };
  await tx.integration.updateMany({ where: integrations, data: { revision: { increment: 1 }, revisedAt: storeTime() } });
  await tx.integrationTarget.updateMany({
    where: { integration: integrations },
    data: { state: 'pending', version: null, syncId: null, failureCode: null, refusals: [], keptAt: null, keptBy: null },
  });
}
