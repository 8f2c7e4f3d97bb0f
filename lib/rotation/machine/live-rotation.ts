import type { Rotation } from '#generated/prisma/client.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { allowOneMore } from '#lib/logins/failed-logins.ts';
import type { RotationFailure } from '#lib/logins/failure-codes.ts';
import { StepFailure } from '#lib/logins/failures.ts';
import { loadClaimed } from './attempt.ts';
import { moveRotation } from './move.ts';
import { recordFailed } from './settle.ts';
import { LIVE_STATES } from './states.ts';

/** After these failures neither password works: only a person can enter the current one. */
const NEEDS_PASSWORD: readonly RotationFailure[] = ['both_refused', 'new_password_refused', 'secret_unreadable'];

export type LiveRotation = Pick<Rotation, 'id' | 'jobId' | 'state' | 'databaseId'>;

/** Locks a login until the transaction ends, so that no rotation of it begins meanwhile. Returns the live one, if any. */
export async function lockLogin(tx: Tx, databaseId: string): Promise<LiveRotation | null> {
  await tx.$queryRaw`SELECT FROM databases WHERE id = ${databaseId} FOR UPDATE`;
  return tx.rotation.findFirst({ where: { databaseId, state: { in: LIVE_STATES } }, select: { id: true, jobId: true, state: true, databaseId: true } });
}

export const rotationInProgress = ({ jobId }: LiveRotation): DomainError =>
  new DomainError('rotation_in_progress', 'A rotation of this login is in progress. Wait for its job, then try again; nothing was changed.', { jobId });

/** Makes a rotation that needs attention retry at once, because a person has just changed how it connects. Its passwords stay as they are. */
export async function retryAtOnce(tx: Tx, { id, databaseId }: LiveRotation): Promise<void> {
  await allowOneMore(tx, databaseId);
  await tx.rotation.updateMany({ where: { id, state: 'needs_attention' }, data: { nextAttemptAt: storeTime() } });
}

/**
 * Ends a rotation whose passwords the server has both rejected, because a person enters the current one.
 * Throws DomainError `rotation_in_progress` if one of them may still work, or an attempt is in progress.
 */
export async function giveUpRotation(tx: Tx, context: Context, live: LiveRotation): Promise<void> {
  const failure = new StepFailure('superseded', false);
  // The next fence: an attempt that begins at this moment can write nothing.
  const [taken] = await tx.$queryRaw<{ fence: number }[]>`
    UPDATE rotations SET fence = fence + 1
    WHERE id = ${live.id} AND state = 'needs_attention' AND error_code = ANY(${NEEDS_PASSWORD}) AND claimed_by IS NULL
    RETURNING fence`;
  if (!taken) throw rotationInProgress(live);
  const claimed = await loadClaimed(tx, live.id, taken.fence);
  const { fromCredentialId, toCredentialId } = claimed.row;
  await moveRotation(claimed, { to: 'failed', data: { errorCode: failure.code }, steps: [{ kind: 'failed', detail: { code: failure.code } }] }, tx);
  await tx.credential.updateMany({ where: { id: { in: [fromCredentialId, toCredentialId ?? fromCredentialId] } }, data: { state: 'retired' } });
  await recordFailed(tx, claimed, failure, context);
}
