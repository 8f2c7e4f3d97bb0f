import { requireWholeLogin } from '#lib/access/require-whole-login.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { StepFailure } from '#lib/logins/failures.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import { loadClaimed } from '#lib/rotation/machine/attempt.ts';
import { moveRotation } from '#lib/rotation/machine/move.ts';
import { recordFailed } from '#lib/rotation/machine/settle.ts';

/**
 * Ends a rotation of which nothing has been sent to the server: the current password stays, and a password that was made
 * for it is never used. A worker that has it in hand writes nothing more.
 * @throws {DomainError} not_found, forbidden, conflict where the change may have been sent, or the rotation has ended
 */
export async function cancelRotation(context: Context, jobId: string): Promise<void> {
  const told = await db.$transaction(async (tx) => {
    const job = await tx.job.findFirst({
      where: { id: jobId, organizationId: context.organizationId, rotation: { kind: 'rotate' }, database: { projects: { some: visibleProjects(context) } } },
    });
    if (!job) throw notFound('rotation');
    await requireWholeLogin(tx, context, job.databaseId);
    // The next fence: nobody sends anything under an older one.
    const [taken] = await tx.$queryRaw<{ id: string; fence: number }[]>`
      UPDATE rotations SET fence = fence + 1 WHERE job_id = ${jobId} AND state IN ('requested', 'staged') RETURNING id, fence`;
    if (!taken)
      throw new DomainError('conflict', 'The rotation has ended, or its change may have been sent already. Only one that has sent nothing can be canceled.', {
        jobId,
      });
    const claimed = await loadClaimed(tx, taken.id, taken.fence);
    const failure = new StepFailure('canceled', false);
    await moveRotation(claimed, { to: 'failed', data: { errorCode: failure.code }, steps: [{ kind: 'failed', detail: { code: failure.code } }] }, tx);
    const { toCredentialId, databaseId } = claimed.row;
    if (toCredentialId) await tx.credential.update({ where: { id: toCredentialId }, data: { state: 'retired' } });
    await tx.database.update({ where: { id: databaseId }, data: { state: 'ready', lastError: null } });
    return recordFailed(tx, claimed, failure, context);
  });
  await wakeDeliveries(told);
}
