import { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db, type Tx } from '#lib/db.ts';
import { DomainError, notFound } from '#lib/errors.ts';
import type { RotateBody } from '#lib/http/wire/job.ts';
import { newId } from '#lib/ids.ts';
import { wake } from '#lib/queue/wake.ts';
import { DEADLINE_MS, MAX_ATTEMPTS } from './limits.ts';
import { LIVE_STATES } from './states.ts';
import { laneOfServer, targetKeyOf } from './target.ts';

const UNIQUE_VIOLATION = 'P2002';

/**
 * Asks for a new password for a project's login. The server is not touched here: a worker does it.
 * Throws 404 for an unknown or foreign project, 409 `rotation_in_progress` with the running job's id,
 * 409 `project_not_ready`, 422 `grace_not_available`.
 */
export async function requestRotation(context: Context, projectId: string, body: RotateBody): Promise<{ jobId: string }> {
  if (body.grace_hours) {
    throw new DomainError('grace_not_available', 'grace_hours above 0 is not available yet. Leave it out or send 0; nothing was changed.', {
      fields: { grace_hours: ['Leave it out or send 0.'] },
    });
  }
  const ids = { jobId: newId('job'), rotationId: newId('rot') };
  try {
    const lane = await db.$transaction((tx) => insertRotation(tx, context, projectId, body, ids));
    void wake('rotation.advance', { rotationId: ids.rotationId, lane });
    return { jobId: ids.jobId };
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === UNIQUE_VIOLATION) throw await inProgress(context, projectId);
    throw error;
  }
}

async function insertRotation(tx: Tx, context: Context, projectId: string, body: RotateBody, ids: { jobId: string; rotationId: string }): Promise<string> {
  const { organizationId } = context;
  const project = await tx.project.findFirst({
    where: { id: projectId, organizationId },
    include: { database: { include: { server: true, credentials: { where: { state: 'current' } } } } },
  });
  if (!project) throw notFound('project');
  const { database } = project;
  const [current] = database.credentials;
  if (database.state === 'rotating_credentials') throw await inProgress(context, projectId);
  if (database.state !== 'ready' || !current) throw await notReady(context, projectId);

  const requestedBy = context.actor.name;
  const common = { organizationId, databaseId: database.id, requestedBy };
  await tx.job.create({ data: { id: ids.jobId, ...common, projectId, type: 'rotate_credentials', maxAttempts: MAX_ATTEMPTS } });
  await tx.rotation.create({
    data: {
      id: ids.rotationId,
      jobId: ids.jobId,
      ...common,
      targetKey: targetKeyOf(database.server, database.roleName),
      fromCredentialId: current.id,
      reason: body.reason ?? null,
      note: body.note ?? null,
      closeSessions: body.close_sessions ?? false,
      deadlineAt: new Date(Date.now() + DEADLINE_MS),
      steps: { create: { organizationId, fence: 0, kind: 'requested', detail: { by: requestedBy } } },
    },
  });
  await tx.database.update({ where: { id: database.id }, data: { state: 'rotating_credentials', latestJobId: ids.jobId } });
  await recordAudit(tx, context, {
    action: 'project.rotation_requested',
    projectId,
    metadata: { job_id: ids.jobId, role_name: database.roleName, ...(body.reason && { reason: body.reason }), ...(body.note && { note: body.note }) },
  });
  return laneOfServer(database.server);
}

const runningRotation = (context: Context, projectId: string) =>
  db.rotation.findFirst({
    where: { organizationId: context.organizationId, state: { in: LIVE_STATES }, database: { projects: { some: { id: projectId } } } },
    select: { jobId: true },
  });

async function inProgress(context: Context, projectId: string): Promise<DomainError> {
  const running = await runningRotation(context, projectId);
  return new DomainError('rotation_in_progress', 'A rotation of this login is already running. Wait for its job; no second one was started.', {
    ...(running && { jobId: running.jobId }),
  });
}

async function notReady(context: Context, projectId: string): Promise<DomainError> {
  if (await runningRotation(context, projectId)) return inProgress(context, projectId);
  return new DomainError('project_not_ready', 'The login of this project is not proven. Prove it first (POST /projects/{id}/verify, or "Prove again").');
}
