import type { Tx } from '#lib/kernel/db.ts';
import { lockLogin, rotationInProgress } from '#lib/rotation/machine/live-rotation.ts';

/**
 * Locks a login until the transaction ends, so that no rotation of it begins meanwhile.
 * @throws {DomainError} rotation_in_progress, with its job, where one is live
 */
export async function refuseLiveRotation(tx: Tx, databaseId: string): Promise<void> {
  const live = await lockLogin(tx, databaseId);
  if (live) throw rotationInProgress(live);
}
