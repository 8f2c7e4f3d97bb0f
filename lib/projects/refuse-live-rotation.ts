import type { Tx } from '#lib/db.ts';
import { DomainError } from '#lib/errors.ts';

/**
 * Locks a login until the transaction ends, so that no rotation of it begins meanwhile.
 * @throws {DomainError} rotation_in_progress, with its job, where one is live
 */
export async function refuseLiveRotation(tx: Tx, databaseId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM databases WHERE id = ${databaseId} FOR UPDATE`;
  const live = await tx.rotation.findFirst({ where: { databaseId, state: { notIn: ['completed', 'failed'] } }, select: { jobId: true } });
  if (live)
    throw new DomainError('rotation_in_progress', 'A rotation of this login is running. Wait for its job, then try again; nothing was changed.', {
      jobId: live.jobId,
    });
}
