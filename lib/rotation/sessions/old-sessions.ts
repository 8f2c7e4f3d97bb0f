import { requireWholeLogin } from '#lib/access/require-whole-login.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { EngineError, type SessionCut, type SessionHolder } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { asRole, WITH_CURRENT } from '#lib/logins/probe.ts';
import { rotationInProgress } from '#lib/rotation/machine/live-rotation.ts';
import { LIVE_STATES } from '#lib/rotation/machine/states.ts';
import { asUnlisted, type ListedSessions, markOwn } from './list-sessions.ts';
import { countSessions, sessionCutOf } from './session-cut.ts';

/**
 * The open sessions begun before a rotation changed the password, read from the server now.
 * @throws {DomainError} not_found, conflict where the rotation separates no sessions, unavailable if the server does not answer
 */
export async function listOldSessions(context: Context, jobId: string): Promise<ListedSessions> {
  const { database, projectId, cut } = await loadCut(context, jobId);
  try {
    return markOwn(await asRole(database, projectId, (session) => session.listSessions(cut)));
  } catch (error) {
    throw asUnlisted(error);
  }
}

/**
 * Ends the open sessions begun before a rotation changed the password: those of `holder`, or all of them. Sessions of the
 * new password stay. Records how many ended, and how many are left.
 * @throws {DomainError} not_found, forbidden, rotation_in_progress, conflict where the rotation separates no sessions or
 * the login may not end them, unavailable if the server does not answer
 */
export async function endOldSessions(context: Context, jobId: string, holder?: SessionHolder): Promise<{ ended: number; left: number }> {
  const { rotation, database, projectId, cut } = await loadCut(context, jobId);
  await requireWholeLogin(db, context, database.id);
  const [live] = database.rotations;
  if (live) throw rotationInProgress(live);
  const { ended, left, loginSeconds } = await asRole(database, projectId, async (session) => {
    const ended = await session.endSessions(cut, holder);
    const left = await countSessions(session, rotation, cut);
    return { ended, left, loginSeconds: (await session.inspect()).authenticationTimeoutSeconds };
  }).catch((error: unknown) => {
    throw asUnended(error);
  });
  // A login begun before the change may still finish with the old password.
  const rescanAt = new Date(cut.at.getTime() + loginSeconds * 1000);
  await db.$transaction(async (tx) => {
    const { id, fence, organizationId } = rotation;
    await tx.rotation.update({ where: { id }, data: { sessionsLeft: left, ...(!holder && rescanAt > storeTime() && { rescanAt }) } });
    await tx.rotationStep.create({ data: { organizationId, rotationId: id, fence, kind: 'sessions_ended', detail: { count: ended } } });
    await recordAudit(tx, context, {
      action: 'project.sessions_ended',
      projectId,
      metadata: { job_id: jobId, role_name: database.roleName, count: ended, left, ...holder },
    });
  });
  return { ended, left };
}

/** A completed rotation, its login, and what separates the sessions of its old password. */
async function loadCut(context: Context, jobId: string) {
  const rotation = await db.rotation.findFirst({
    where: {
      kind: 'rotate',
      job: { id: jobId, organizationId: context.organizationId, database: { projects: { some: visibleProjects(context) } } },
    },
    include: { job: true, database: { include: { ...WITH_CURRENT, rotations: { where: { state: { in: LIVE_STATES } } } } } },
  });
  if (!rotation) throw notFound('rotation');
  const { database, job } = rotation;
  const cut: SessionCut | null = sessionCutOf(rotation);
  if (rotation.state !== 'completed' || !cut)
    throw new DomainError(
      'conflict',
      rotation.state === 'completed'
        ? 'The server’s clock could not be read at the change, so old sessions cannot be distinguished from newer ones. Nothing was changed.'
        : 'The rotation has not completed, so no sessions are left on its old password. Nothing was changed.',
      { jobId },
    );
  return { rotation, database, projectId: job.projectId, cut };
}

function asUnended(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  if (error.code === 'sessions_denied')
    return new DomainError('conflict', `${error.message} Grant EXECUTE on pg_terminate_backend to the login, then try again. No session was ended.`);
  return new DomainError('unavailable', `${error.message} Some sessions may have ended. Refresh the list to see which are open.`);
}
