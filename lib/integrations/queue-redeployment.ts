import type { Provider } from '#lib/contract/providers.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { wake } from '#lib/queue/wake.ts';
import { laneOfProvider } from './lane.ts';

interface Deployable {
  id: string;
  organizationId: string;
  provider: Provider;
}

interface Asked {
  version: number;
  requestedBy: string;
}

/**
 * Has a deployment asked for, inside the transaction that makes it needed; the integration is locked. One that is still
 * to be asked for is asked for this version, anew: whoever is at it may have come before the variables.
 * Wake it once that has committed.
 */
export async function queueRedeployment(
  tx: Tx,
  { id: integrationId, organizationId, provider }: Deployable,
  asked: Asked,
): Promise<Message<'integration.redeploy'>> {
  const lane = laneOfProvider(provider);
  const live = await tx.redeployment.findFirst({ where: { integrationId, finishedAt: null }, select: { id: true } });
  if (live) {
    const now = storeTime();
    const anew = { attempts: 0, fence: { increment: 1 }, claimedBy: null, leaseUntil: null, failureCode: null, nextAttemptAt: now, createdAt: now };
    const { count } = await tx.redeployment.updateMany({ where: { id: live.id, finishedAt: null }, data: { ...asked, ...anew } });
    if (count === 1) return { redeploymentId: live.id, lane };
  }
  const id = newId('rdp');
  await tx.redeployment.create({ data: { id, organizationId, integrationId, ...asked } });
  return { redeploymentId: id, lane };
}

/** Wakes a worker for a deployment whose transaction has committed. Never throws. */
export const wakeRedeployment = (message: Message<'integration.redeploy'>): Promise<void> => wake('integration.redeploy', message);
