import { Prisma } from '#generated/prisma/client.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { db } from '#lib/kernel/db.ts';
import { type Claim, claims, isClaimable } from '#lib/queue/claim.ts';
import { laneOfProvider } from './queue-work.ts';

/** Longer than a provider's answer may take. */
const LEASE = Prisma.sql`interval '2 minutes'`;

const isDue = (workerId: string) => Prisma.sql`
  r.finished_at IS NULL AND ${isClaimable('r', workerId)}`;

/** Takes a deployment to ask for it once, under the next fence; null where another living worker has it, it is not due, or it has ended. */
export async function claimRedeployment(id: string, workerId: string): Promise<Claim<'integration.redeploy'> | null> {
  const [claimed] = await db.$queryRaw<{ fence: number }[]>`
    UPDATE redeployments r SET ${claims('r', workerId, LEASE)} WHERE r.id = ${id} AND ${isDue(workerId)} RETURNING fence`;
  return claimed ? { kind: 'integration.redeploy', id, fence: claimed.fence } : null;
}

/** Deployments to be asked for that are due and free, with the lane each runs in; without those that the worker has in hand. */
export async function findDueRedeployments(workerId: string, inHand: string[]): Promise<{ id: string; lane: string }[]> {
  const due = await db.$queryRaw<{ id: string; provider: Provider }[]>`
    SELECT r.id, i.provider FROM redeployments r JOIN integrations i ON i.id = r.integration_id
    WHERE ${isDue(workerId)} AND r.id <> ALL(${inHand}) ORDER BY r.next_attempt_at LIMIT 1000`;
  return due.map(({ id, provider }) => ({ id, lane: laneOfProvider(provider) }));
}
