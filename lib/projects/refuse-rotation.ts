import type { Tx } from '#lib/kernel/db.ts';
import { type LiveRotation, lockLogin, rotationInProgress } from '#lib/rotation/machine/live-rotation.ts';

/**
 * Locks a login until the transaction ends, so that no rotation of it begins meanwhile.
 * @throws {DomainError} rotation_in_progress, with its job, where one is live
 */
export async function refuseLiveRotation(tx: Tx, databaseId: string): Promise<void> {
  const live = await lockLogin(tx, databaseId);
  if (live) throw rotationInProgress(live);
}

/**
 * Locks a login until the transaction ends. Answers a rotation that needs attention: a person may help it or leave it.
 * @throws {DomainError} rotation_in_progress, with its job, where one is running
 */
export async function refuseRunningRotation(tx: Tx, databaseId: string): Promise<LiveRotation | null> {
  const live = await lockLogin(tx, databaseId);
  if (live && live.state !== 'needs_attention') throw rotationInProgress(live);
  return live;
}
