import type { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { currentCredential, PROJECT_PARTS } from '#lib/logins/load-project.ts';
import { type Claim, ClaimLost } from '#lib/queue/claim.ts';

const WITH_ALL = {
  job: { select: { requestedBy: true } },
  integration: { include: { targets: { orderBy: { target: 'asc' } }, project: { include: PROJECT_PARTS } } },
} as const satisfies Prisma.SyncInclude;

export type SyncRow = Prisma.SyncGetPayload<{ include: typeof WITH_ALL }>;

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
