import { Prisma } from '#generated/prisma/client.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { db } from '#lib/kernel/db.ts';
import { currentCredential, PROJECT_PARTS } from '#lib/logins/load-project.ts';
import { type Claim, ClaimLost, claims, isClaimable } from '#lib/queue/claim.ts';
import { laneOfProvider } from './queue-work.ts';

/** Longer than one target may take. Begun anew before and after each. */
export const LEASE = Prisma.sql`interval '2 minutes'`;

const isDue = (workerId: string) => Prisma.sql`
  s.finished_at IS NULL AND ${isClaimable('s', workerId)}`;

/** Takes a sync for one try, under the next fence; null where another living worker has it, it is not due, or it has ended. */
export async function claimSync(id: string, workerId: string): Promise<Claim<'integration.sync'> | null> {
  const [claimed] = await db.$queryRaw<{ fence: number }[]>`
    WITH claimed AS (
      UPDATE syncs s SET ${claims('s', workerId, LEASE)}
      WHERE s.id = ${id} AND ${isDue(workerId)}
      RETURNING s.fence, s.job_id, s.attempts)
    UPDATE jobs j SET state = 'running', attempts = least(c.attempts, j.max_attempts), claimed_by = ${workerId}, claimed_at = now(),
      started_at = coalesce(j.started_at, now()), updated_at = now()
    FROM claimed c WHERE j.id = c.job_id
    RETURNING c.fence`;
  return claimed ? { kind: 'integration.sync', id, fence: claimed.fence } : null;
}

/** Syncs that are due and free, longest due first, with the lane each runs in; without those that the worker has in hand. */
export async function findDueSyncs(workerId: string, inHand: string[]): Promise<{ id: string; lane: string }[]> {
  const due = await db.$queryRaw<{ id: string; provider: Provider }[]>`
    SELECT s.id, i.provider FROM syncs s JOIN integrations i ON i.id = s.integration_id
    WHERE ${isDue(workerId)} AND s.id <> ALL(${inHand}) ORDER BY s.next_attempt_at LIMIT 1000`;
  return due.map(({ id, provider }) => ({ id, lane: laneOfProvider(provider) }));
}

const WITH_ALL = {
  job: { select: { requestedBy: true } },
  integration: { include: { targets: { orderBy: { target: 'asc' } }, project: { include: PROJECT_PARTS } } },
} as const satisfies Prisma.SyncInclude;

type SyncRow = Prisma.SyncGetPayload<{ include: typeof WITH_ALL }>;

/** One try at a sync by one worker: what it read under this fence, in one look. */
export interface SyncAttempt {
  row: SyncRow;
  claim: Claim<'integration.sync'>;
  /** Of the password that is current now. */
  version: number;
}

/** Loads a claimed sync. Throws ClaimLost where it is gone meanwhile. */
export async function loadAttempt(claim: Claim<'integration.sync'>): Promise<SyncAttempt> {
  const row = await db.sync.findUnique({ relationLoadStrategy: 'join', where: { id: claim.id, fence: claim.fence }, include: WITH_ALL });
  if (!row) throw new ClaimLost();
  return { row, claim, version: currentCredential(row.integration.project).version };
}
