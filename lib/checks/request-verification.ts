import { recordAudit } from '#lib/audit/record-audit.ts';
import type { VerifyBody } from '#lib/contract/project.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { allowOneMore, FAILED_LOGINS_LIMIT, FAILED_LOGINS_WINDOW_S, readFailedLogins } from '#lib/logins/failed-logins.ts';
import { insertVerification, wakeVerification } from '#lib/logins/insert-verification.ts';
import { lockLogin, retryAtOnce } from '#lib/rotation/machine/live-rotation.ts';

/**
 * Asks for a connection check of a project's login. Changes nothing on the server. Where a rotation needs attention, its
 * next attempt is made at once instead: the job is that of the rotation. Where the limit of rejected logins is
 * reached, one more is made only for a person who says so (`allow_failed_login`).
 * @throws {DomainError} not_found, rotation_in_progress, job_in_progress, login_limit_reached
 */
export async function requestVerification(
  context: Context,
  projectId: string,
  { allow_failed_login: allowsFailedLogin = false }: VerifyBody = {},
): Promise<{ jobId: string }> {
  const { jobId, login } = await db.$transaction(async (tx) => {
    const project = await tx.project.findFirst({
      where: { id: projectId, organizationId: context.organizationId },
      include: { database: true },
    });
    if (!project) throw notFound('project');
    const { database } = project;
    if (database.state === 'rotating_credentials') {
      throw new DomainError('rotation_in_progress', 'A rotation is in progress and checks the login itself. Wait for its job.', {
        jobId: database.latestJobId ?? undefined,
      });
    }
    const running = await tx.job.findFirst({ where: { databaseId: database.id, type: 'verify_connection', state: { in: ['queued', 'running'] } } });
    if (running) throw new DomainError('job_in_progress', 'A connection check is already in progress. Wait for its job.', { jobId: running.id });
    const { nextAt } = await readFailedLogins(tx, database.id);
    if (nextAt && !allowsFailedLogin) throw limitReached(nextAt);
    if (nextAt) await allowOneMore(tx, database.id);
    await recordAudit(tx, context, { action: 'project.verification_requested', projectId, ...(nextAt && { metadata: { allow_failed_login: true } }) });
    // A rotation that does not know which password works tries both: its next attempt is the check.
    const live = await lockLogin(tx, database.id);
    if (live?.state === 'needs_attention') {
      await retryAtOnce(tx, live);
      return { jobId: live.jobId, login: null };
    }
    return { jobId: await insertVerification(tx, context, project), login: database };
  });
  if (login) wakeVerification(jobId, login);
  return { jobId };
}

const limitReached = (nextAt: Date): DomainError =>
  new DomainError(
    'login_limit_reached',
    `The server rejected ${FAILED_LOGINS_LIMIT} logins of this account within ${FAILED_LOGINS_WINDOW_S / 60} minutes, and servers lock accounts. Rekey tries again at ${nextAt.toISOString()}. Nothing was changed. To make one more login now, send {"allow_failed_login": true}.`,
    { retryAfterSeconds: Math.max(1, Math.ceil((nextAt.getTime() - storeTime().getTime()) / 1000)) },
  );
