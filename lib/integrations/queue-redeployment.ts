import type { Tx } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { wake } from '#lib/queue/wake.ts';
import type { Provider } from './integration.ts';
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

/** Adds a deployment to be asked for, inside the transaction that makes it needed. Wake it once that has committed. */
export async function insertRedeployment(
  tx: Tx,
  { id: integrationId, organizationId, provider }: Deployable,
  asked: Asked,
): Promise<Message<'integration.redeploy'>> {
  const id = newId('rdp');
  await tx.redeployment.create({ data: { id, organizationId, integrationId, ...asked } });
  return { redeploymentId: id, lane: laneOfProvider(provider) };
}

/** Wakes a worker for a deployment whose transaction has committed. Never throws. */
export const wakeRedeployment = (message: Message<'integration.redeploy'>): Promise<void> => wake('integration.redeploy', message);
