import type { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/db.ts';
import { currentCredential, PROJECT_PARTS } from '#lib/projects/load-project.ts';

const WITH_ALL = {
  job: { select: { requestedBy: true } },
  integration: { include: { targets: { orderBy: { target: 'asc' } }, project: { include: PROJECT_PARTS } } },
} as const satisfies Prisma.SyncInclude;

export type SyncRow = Prisma.SyncGetPayload<{ include: typeof WITH_ALL }>;

/** One try at a sync by one worker: what it read under this fence, in one look. */
export interface SyncAttempt {
  row: SyncRow;
  fence: number;
  /** Of the password that is current now. */
  version: number;
}

/** Somebody newer has the sync, or it has ended: this try must stop and write nothing. */
export class StaleSyncError extends Error {
  constructor() {
    super('A newer try has the sync.');
    this.name = 'StaleSyncError';
  }
}

/** Loads a claimed sync. Throws StaleSyncError where it is gone meanwhile. */
export async function loadAttempt(id: string, fence: number): Promise<SyncAttempt> {
  const row = await db.sync.findUnique({ relationLoadStrategy: 'join', where: { id, fence }, include: WITH_ALL });
  if (!row) throw new StaleSyncError();
  return { row, fence, version: currentCredential(row.integration.project).version };
}
