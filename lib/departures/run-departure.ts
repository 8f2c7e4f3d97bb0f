import { Prisma } from '#generated/prisma/client.ts';
import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Context, systemContext } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { attemptWork, holdClaim, isSharedClaimable, type SharedClaim, settleClaim, takeOver } from '#lib/queue/claim.ts';
import { type RotationWish, requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { AWAITS_DEPLOYMENT, DEPARTURE_PARTS, type DepartureRow, hasEnded, loadDeparture, type SeenRow, stillCounts } from './departures.ts';

/** Another rotation of the login is in progress, which may be enough. */
const LOOK_AGAIN_MS = 2_000;

/** Another worker has just requested the rotation. */
class BegunElsewhere extends Error {}

/**
 * Brings a departure as far as it comes: begins an ordinary rotation for each login that was asked for, and writes down
 * those that have ended. May be called at any time, by any number of workers, and after any crash: the rotation and the
 * note of it are one transaction, and what counts no more is not rotated again.
 */
export async function runDeparture(id: string, workerId: string): Promise<void> {
  await attemptWork('departure.run', id, workerId, run);
}

async function run(claim: SharedClaim): Promise<void> {
  const { id } = claim;
  const row = await db.departure.findUnique({ where: { id }, include: DEPARTURE_PARTS });
  if (!row) return;
  for (const one of row.credentials) if (one.requestedAt !== null && one.endedAt === null) await step({ departure: row, one, claim });
  await finish(row, claim);
}

interface Step {
  departure: DepartureRow;
  one: SeenRow;
  claim: SharedClaim;
}

async function step(at: Step): Promise<void> {
  const { one } = at;
  if (one.jobId !== null && !hasEnded(one)) return;
  await failpoint('departure.loaded');
  if (!stillCounts(one)) return end(at, null);
  // The rotation counts as done while the old password stays valid: running code uses it until the next deployment.
  if (one.job) return end(at, one.job.errorCode ?? AWAITS_DEPLOYMENT);
  const refusal = await begin(at);
  if (refusal === 'rotation_in_progress')
    await write(at, (tx) => tx.departureCredential.updateMany({ where: unended(one), data: { nextAttemptAt: storeTime(LOOK_AGAIN_MS) } }));
  else if (refusal !== null) await end(at, refusal);
}

/** A write that counts only under the claim. */
const write = (at: Step, change: (tx: Tx) => Promise<unknown>): Promise<void> =>
  db.$transaction(async (tx) => {
    await holdClaim(tx, at.claim);
    await change(tx);
  });

/** Begins the rotation. Answers the code of what is in its way, or null. */
async function begin({ departure, one, claim }: Step): Promise<string | null> {
  const { organizationId, email, requestedBy } = departure;
  const [project] = one.database.projects;
  if (!project) return 'not_found';
  const wish: RotationWish = {
    reason: 'departure',
    note: `${email} was removed. Requested by ${requestedBy ?? 'Rekey'}.`,
    // Running deployments must not be locked out, so the old password stays valid until the next deployment.
    ...(project.siteEnvironment && { retirement: 'on_deploy' }),
  };
  const note = async (tx: Tx, jobId: string) => {
    await holdClaim(tx, claim);
    const { count } = await tx.departureCredential.updateMany({ where: { ...unended(one), jobId: null }, data: { jobId } });
    if (count === 0) throw new BegunElsewhere();
  };
  try {
    await requestRotation(systemContext(organizationId), project.id, wish, note);
    return null;
  } catch (error) {
    if (error instanceof BegunElsewhere) return null;
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

const unended = ({ departureId, databaseId }: SeenRow) => ({ departureId, databaseId, endedAt: null });

async function end(at: Step, errorCode: string | null): Promise<void> {
  const { one } = at;
  await write(at, (tx) => tx.departureCredential.updateMany({ where: { ...unended(one), jobId: one.jobId }, data: { endedAt: storeTime(), errorCode } }));
}

/** Once the last rotation has ended: says so, once. */
async function finish({ id, organizationId, email }: DepartureRow, claim: SharedClaim): Promise<void> {
  await db.$transaction(async (tx) => {
    await settleClaim(tx, claim);
    await tx.$queryRaw`SELECT FROM departures WHERE id = ${id} FOR UPDATE`;
    const { finishedAt, credentials } = await tx.departure.findUniqueOrThrow({ where: { id }, include: DEPARTURE_PARTS });
    const asked = credentials.filter(({ requestedAt }) => requestedAt !== null);
    if (finishedAt !== null || asked.some(({ endedAt }) => endedAt === null)) return;
    const failed = asked.filter(({ errorCode }) => errorCode !== null && errorCode !== AWAITS_DEPLOYMENT).length;
    await tx.departure.update({ where: { id }, data: { finishedAt: storeTime() } });
    await recordAudit(tx, systemContext(organizationId), {
      action: 'member.departure_completed',
      ...(failed > 0 && { outcome: 'failed' as const }),
      target: { type: 'departure', id, name: email },
      metadata: { departure_id: id, email, rotated: asked.length - failed, failed },
    });
  });
}

/**
 * Asks, inside a transaction, for a rotation of all that somebody had seen and that still counts; what is being rotated
 * goes on. Wake a worker after the commit. Throws forbidden for who may not rotate.
 */
export async function requestRotations(tx: Tx, context: Context, id: string): Promise<void> {
  authorize(context, 'credentials.rotate');
  // A worker's copy of the departure is now outdated.
  await takeOver('departure.run', id, tx);
  await tx.$queryRaw`SELECT FROM departures WHERE id = ${id} FOR UPDATE`;
  const { email, credentials } = await loadDeparture(context, id, tx);
  const isIdle = (one: SeenRow) => one.requestedAt === null || (one.endedAt !== null && one.errorCode !== AWAITS_DEPLOYMENT);
  const asked = credentials.filter((one) => stillCounts(one) && isIdle(one));
  if (asked.length === 0) return;
  const now = storeTime();
  await tx.departureCredential.updateMany({
    where: { departureId: id, databaseId: { in: asked.map(({ databaseId }) => databaseId) } },
    data: { requestedAt: now, nextAttemptAt: now, jobId: null, errorCode: null, endedAt: null },
  });
  await tx.departure.update({ where: { id }, data: { requestedBy: context.actor.name, finishedAt: null } });
  await recordAudit(tx, context, {
    action: 'member.departure_requested',
    target: { type: 'departure', id, name: email },
    metadata: { departure_id: id, email, credentials: asked.length },
  });
}

/** Departures with a rotation to be begun, or one that has ended and is not written down yet. */
export async function findDueDepartures(workerId: string, inHand: string[]): Promise<string[]> {
  const due = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT c.departure_id AS id FROM departure_credentials c LEFT JOIN jobs j ON j.id = c.job_id
    WHERE c.requested_at IS NOT NULL AND c.ended_at IS NULL AND c.departure_id <> ALL(${inHand}) AND ${isSharedClaimable('departure.run', Prisma.sql`c.departure_id`, workerId)}
      AND (CASE WHEN j.id IS NULL THEN c.next_attempt_at <= now() ELSE j.state IN ('completed', 'failed') END)
    LIMIT 100`;
  return due.map(({ id }) => id);
}
