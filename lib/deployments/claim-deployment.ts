import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { type Claim, claims, isClaimable } from '#lib/queue/claim.ts';

/** Longer than a call of a hook and the logins after it may take. */
const LEASE = Prisma.sql`interval '90 seconds'`;

/** It begins with a password that stands: while a rotation is live it waits, as long as it may take in all. */
const isDue = (workerId: string) => Prisma.sql`
  d.state IN ('pending', 'deploying') AND ${isClaimable('d', workerId)}
  AND (d.state = 'deploying' OR d.deadline_at <= now() OR NOT EXISTS (SELECT FROM environments e
    JOIN projects p ON p.id = e.project_id JOIN rotations r ON r.database_id = p.database_id
    WHERE e.id = d.environment_id AND r.finished_at IS NULL))`;

/** Takes a deployment, under the next fence; null where another living worker has it, it is not due, or it has ended. */
export async function claimDeployment(id: string, workerId: string): Promise<Claim<'deployment.run'> | null> {
  const [claimed] = await db.$queryRaw<{ fence: number }[]>`
    UPDATE deployments d SET ${claims('d', workerId, LEASE)}, updated_at = now()
    WHERE d.id = ${id} AND ${isDue(workerId)} RETURNING d.fence`;
  return claimed ? { kind: 'deployment.run', id, fence: claimed.fence } : null;
}

/** Deployments that are due and free, oldest first; without those that the worker has in hand. */
export const findDueDeployments = (workerId: string, inHand: string[]): Promise<{ id: string }[]> => db.$queryRaw`
  SELECT d.id FROM deployments d WHERE ${isDue(workerId)} AND d.id <> ALL(${inHand}) ORDER BY d.next_attempt_at LIMIT 1000`;
