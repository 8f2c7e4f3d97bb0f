import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db, type Tx } from '#lib/db.ts';
import { DomainError, notFound } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { wake } from '#lib/queue/wake.ts';
import { MAX_ATTEMPTS } from './limits.ts';
import { laneOfLogin } from './target.ts';

/** Adds the job that checks a login, inside the transaction that makes it necessary. Call `wakeVerification` after the commit. */
export async function insertVerification(tx: Tx, context: Context, project: { id: string; databaseId: string }): Promise<string> {
  const id = newId('job');
  const { organizationId, actor } = context;
  await tx.job.create({
    data: {
      id,
      organizationId,
      databaseId: project.databaseId,
      projectId: project.id,
      type: 'verify_connection',
      maxAttempts: MAX_ATTEMPTS,
      requestedBy: actor.name,
    },
  });
  await tx.database.update({ where: { id: project.databaseId }, data: { latestJobId: id } });
  return id;
}

/** Wakes a worker for a connection check whose transaction has committed. */
export const wakeVerification = (jobId: string, login: { host: string; directPort: number }): void =>
  void wake('connection.verify', { jobId, lane: laneOfLogin(login) });

/** Requests a connection check of a project's login. Changes nothing on the server. Throws 404, 409 `rotation_in_progress`, `job_in_progress`. */
export async function requestVerification(context: Context, projectId: string): Promise<{ jobId: string }> {
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
    await recordAudit(tx, context, { action: 'project.verification_requested', projectId });
    return { jobId: await insertVerification(tx, context, project), login: database };
  });
  wakeVerification(jobId, login);
  return { jobId };
}
