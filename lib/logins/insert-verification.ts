import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { wake } from '#lib/queue/wake.ts';
import { allowOneMore } from './failed-logins.ts';
import { MAX_ATTEMPTS } from './limits.ts';
import { laneOfLogin } from './target.ts';

/** Adds the job that checks a login, inside the transaction that makes it necessary. Call `wakeVerification` after the commit. */
export async function insertVerification(tx: Tx, context: Context, project: { id: string; databaseId: string }): Promise<string> {
  const id = newId('job');
  const { organizationId, actor } = context;
  // A person has asked for it, or has just changed how it is tried.
  if (actor.kind !== 'system') await allowOneMore(tx, project.databaseId);
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
