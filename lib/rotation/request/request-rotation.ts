import type { Server } from '#generated/prisma/client.ts';
import type { RotationState } from '#generated/prisma/enums.ts';
import { requireWholeLogin } from '#lib/access/require-whole-login.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { ENGINES } from '#lib/contract/engines/engines.ts';
import type { RotateBody } from '#lib/contract/job.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, isUniqueViolation, type Tx } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { monotonicMs } from '#lib/kernel/received-mark.ts';
import { wake } from '#lib/queue/wake.ts';
import { reasonText } from '#lib/rotation/machine/reason-text.ts';
import { isFinal } from '#lib/rotation/machine/states.ts';
import { type Ids, insertRotation, newIds, tryTakeLogin } from './insert-rotation.ts';

export interface RotationWish extends RotateBody {
  /** The old password stays valid until `markRetirement` is called. */
  retirement?: 'on_deploy';
  /** The policy whose run it is. */
  policyId?: string;
  /** If the server has been sent nothing by then, the rotation fails and changes nothing. */
  notAfter?: Date;
}

/**
 * Requests a new password for a project's login. The server is not touched here: a worker does that. Throws 404 for an
 * unknown or foreign project, 403 if projects out of reach use the login, 409 `rotation_in_progress` with the running
 * job's id, 409 `project_not_ready`, 422 `grace_not_available`. `also` is written with it, or neither is.
 */
export async function requestRotation(
  context: Context,
  projectId: string,
  body: RotationWish,
  also?: (tx: Tx, jobId: string) => Promise<void>,
): Promise<{ jobId: string }> {
  // Taken here, because waiting for a turn in the store counts as waiting too.
  const asked = { ...newIds(), receivedMark: context.origin.receivedMark ?? monotonicMs() };
  try {
    const lane = await db.$transaction(async (tx) => {
      const of = await beginRotation(tx, context, projectId, body, asked);
      await also?.(tx, asked.jobId);
      return of;
    });
    void wake('rotation.advance', { rotationId: asked.rotationId, lane });
    return { jobId: asked.jobId };
  } catch (error) {
    // The same role on the same server, known under another row or to another organization.
    if (isUniqueViolation(error)) throw inProgress();
    throw error;
  }
}

interface Asked extends Ids {
  /** When it was requested, by monotonicMs. */
  receivedMark: number;
}

async function beginRotation(tx: Tx, context: Context, projectId: string, body: RotationWish, asked: Asked): Promise<string> {
  const { organizationId } = context;
  const project = await tx.project.findFirst({ where: { id: projectId, organizationId }, include: { database: { include: { server: true } } } });
  if (!project) throw notFound('project');
  const { database } = project;
  await requireWholeLogin(tx, context, database.id);
  const retirement = body.retirement ?? (body.grace_hours ? 'grace' : 'immediate');
  if (retirement !== 'immediate') await refuseOverlap(tx, database, body);
  const current = await takeLogin(tx, database.id, asked);

  const lane = await insertRotation(
    tx,
    asked,
    { project, type: 'rotate_credentials', requestedBy: context.actor.name },
    {
      fromCredentialId: current.id,
      retirement,
      graceHours: body.grace_hours ?? null,
      reason: body.reason ?? null,
      note: body.note ?? null,
      closeSessions: body.close_sessions ?? false,
      policyId: body.policyId ?? null,
    },
    body.notAfter,
  );
  await recordAudit(tx, context, {
    action: 'project.rotation_requested',
    projectId,
    reason: reasonText(body),
    metadata: { job_id: asked.jobId, role_name: database.roleName, ...(body.reason && { reason: body.reason }), ...(body.note && { note: body.note }) },
  });
  return lane;
}

/** Refuses to leave the old password valid if that is impossible or unwise. */
async function refuseOverlap(tx: Tx, { id, server }: { id: string; server: Server }, { grace_hours: hours, reason }: RotationWish): Promise<void> {
  const refuse = (text: string) =>
    new DomainError('grace_not_available', `${text} Nothing was changed.`, hours ? { fields: { grace_hours: ['Leave it out or send 0.'] } } : {});
  if (!ENGINES[server.engine].keepsTwoPasswords) throw refuse('PostgreSQL keeps one password per role: grace_hours above 0 is not available here.');
  if (!server.rotatorName) throw refuse('Two passwords at once need a rotator login: add one under Settings.');
  if (!hours) return;
  if (reason === 'compromise') throw refuse('A compromised password must end at once: grace_hours cannot be combined with the reason compromise.');
  if ((await tx.credential.count({ where: { databaseId: id, state: 'retiring' } })) > 0)
    throw new DomainError('conflict', 'An earlier password of this login is still valid beside the current one. Wait until it ends; nothing was changed.');
}

/**
 * Takes the login for one rotation: from here on nothing else can begin one or change its password. Returns the
 * credential that is current now; one read before may be outdated.
 */
async function takeLogin(tx: Tx, databaseId: string, { jobId, receivedMark }: Asked): Promise<{ id: string }> {
  const isTaken = await tryTakeLogin(tx, databaseId, jobId);
  const { latest, currentId } = await readLogin(tx, databaseId, receivedMark);
  if (!isTaken) throw await refusal(tx, databaseId, latest);
  // Of many simultaneous requests, one that waited for its turn must not begin another rotation after the first.
  if (latest?.endedMeanwhile) throw inProgress(latest.jobId);
  if (!currentId) throw notReady();
  return { id: currentId };
}

interface Latest {
  jobId: string;
  state: RotationState;
  /** Whether it ended after this request had arrived. */
  endedMeanwhile: boolean;
}

/**
 * The newest rotation of a login, and its current credential. The wait of the request is measured here, everything
 * else by the store's clock: clocks of several machines differ, and a client that has seen a rotation end may request
 * the next one at once.
 */
async function readLogin(tx: Tx, databaseId: string, receivedMark: number): Promise<{ latest: Latest | null; currentId: string | null }> {
  const waitedSeconds = (monotonicMs() - receivedMark) / 1000;
  const [login] = await tx.$queryRaw<[{ latest: Latest | null; currentId: string | null }]>`
    SELECT (SELECT id FROM credentials WHERE database_id = ${databaseId} AND state = 'current' LIMIT 1) AS "currentId", (
      SELECT json_build_object('jobId', job_id, 'state', state,
        'endedMeanwhile', coalesce(finished_at >= clock_timestamp() - make_interval(secs => ${waitedSeconds}), false))
      FROM rotations WHERE database_id = ${databaseId} ORDER BY created_at DESC LIMIT 1) AS latest`;
  return login;
}

/** Why a login could not be taken: a rotation is in progress, or was until a moment ago, or the login is not proven. */
async function refusal(tx: Tx, databaseId: string, latest: Latest | null): Promise<DomainError> {
  const { state } = await tx.database.findUniqueOrThrow({ where: { id: databaseId }, select: { state: true } });
  return latest && (state === 'ready' || !isFinal(latest.state)) ? inProgress(latest.jobId) : notReady();
}

const inProgress = (jobId?: string): DomainError =>
  new DomainError('rotation_in_progress', 'A rotation of this login is already in progress. Wait for its job; no second one was started.', {
    ...(jobId && { jobId }),
  });

const notReady = (): DomainError =>
  new DomainError(
    'project_not_ready',
    'The login of this project is not proven. Check the connection first (POST /projects/{id}/verify, or "Check connection").',
  );
