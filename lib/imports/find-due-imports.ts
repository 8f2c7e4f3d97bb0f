import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { isSharedClaimable } from '#lib/queue/claim.ts';

/** Imports with a row that may be tried now, or none that is left. */
export async function findDueImports(workerId: string, inHand: string[]): Promise<string[]> {
  const due = await db.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM imports i
    WHERE i.finished_at IS NULL AND i.id <> ALL(${inHand}) AND ${isSharedClaimable('import.run', Prisma.sql`i.id`, workerId)}
      AND coalesce((SELECT min(r.next_attempt_at) FROM import_rows r WHERE r.import_id = i.id AND r.state = 'pending'), now()) <= now()
    LIMIT 100`;
  return due.map(({ id }) => id);
}
