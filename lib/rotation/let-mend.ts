import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import type { Tx } from '#lib/db.ts';
import { DomainError } from '#lib/errors.ts';
import { failureText, type RotationFailure } from './failures.ts';
import { LIVE_STATES } from './states.ts';
import { tellJobEnded } from './tell-job-ended.ts';
import { assignments } from './writes.ts';

/** After these answers neither password is of use: only a person can say which one is. */
const NEEDS_PASSWORD: readonly RotationFailure[] = ['both_refused', 'new_password_refused', 'secret_unreadable'];

export interface LiveRotation {
  id: string;
  jobId: string;
  isUnsettled: boolean;
}

/** Locks a login until the transaction ends, so that no rotation of it begins meanwhile. Answers the one that is live. */
export async function lockLogin(tx: Tx, databaseId: string): Promise<LiveRotation | null> {
  await tx.$queryRaw`SELECT FROM databases WHERE id = ${databaseId} FOR UPDATE`;
  const live = await tx.rotation.findFirst({ where: { databaseId, state: { in: LIVE_STATES } }, select: { id: true, jobId: true, state: true } });
  return live && { id: live.id, jobId: live.jobId, isUnsettled: live.state === 'needs_attention' };
}

export const rotationInProgress = ({ jobId }: LiveRotation): DomainError =>
  new DomainError('rotation_in_progress', 'A rotation of this login is running. Wait for its job, then try again; nothing was changed.', { jobId });

/** Has a rotation that needs attention ask again at once: a person has just changed how. Its passwords stay as they are. */
export async function retryAtOnce(tx: Tx, { id }: LiveRotation): Promise<void> {
  await tx.rotation.updateMany({ where: { id, state: 'needs_attention' }, data: { nextAttemptAt: new Date() } });
}

/**
 * Ends a rotation whose passwords the server has both refused, because a person gives the present one.
 * Throws DomainError `rotation_in_progress` where one of them may still be the right one, or an attempt is under way.
 */
export async function giveUpRotation(tx: Tx, context: Context, live: LiveRotation): Promise<void> {
  const code: RotationFailure = 'superseded';
  // The next fence: an attempt that begins at this moment writes nothing more.
  const count = await tx.$executeRaw`
    UPDATE rotations SET ${assignments('failed', { errorCode: code })}, fence = fence + 1
    WHERE id = ${live.id} AND state = 'needs_attention' AND error_code = ANY(${NEEDS_PASSWORD}) AND claimed_by IS NULL`;
  if (count !== 1) throw rotationInProgress(live);
  const rotation = await tx.rotation.findUniqueOrThrow({
    where: { id: live.id },
    include: { job: true, database: true, fromCredential: true, toCredential: true },
  });
  const { organizationId, fence, job, fromCredentialId, toCredentialId } = rotation;
  const error = failureText(code);
  await tx.credential.updateMany({ where: { id: { in: [fromCredentialId, toCredentialId ?? fromCredentialId] } }, data: { state: 'retired' } });
  await tx.rotationStep.create({ data: { organizationId, rotationId: live.id, fence, kind: 'failed', detail: { code } } });
  await tx.job.update({ where: { id: job.id }, data: { state: 'failed', error, errorCode: code, retryClassification: 'terminal', completedAt: new Date() } });
  await recordAudit(tx, context, { action: 'project.rotation_failed', projectId: job.projectId, reason: error, metadata: { job_id: job.id, code } });
  await tellJobEnded(tx, {
    organizationId,
    projectId: job.projectId,
    jobId: job.id,
    type: 'project.rotate_credentials',
    roleName: rotation.database.roleName,
    requestedBy: rotation.requestedBy,
    fromVersion: rotation.fromCredential.version,
    toVersion: rotation.toCredential?.version,
    reason: rotation.reason,
    errorCode: code,
  });
}
