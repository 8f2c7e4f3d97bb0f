import { recordAudit } from '#lib/audit/record-audit.ts';
import { storeTime } from '#lib/clock.ts';
import { systemContext } from '#lib/context.ts';
import { db, type Tx } from '#lib/db.ts';
import { DomainError } from '#lib/errors.ts';
import { type RotationWish, requestRotation } from '#lib/rotation/request-rotation.ts';
import { AWAITS_DEPLOYMENT, DEPARTURE_PARTS, type DepartureRow, hasEnded, type SeenRow, stillCounts } from './load-departure.ts';

/** Another rotation of the login runs: it may be all that is needed. */
const LOOK_AGAIN_MS = 2_000;

/** Somebody else has begun the rotation in this moment. */
class BegunElsewhere extends Error {}

/**
 * Brings a departure as far as it comes: begins an ordinary rotation for each login that was asked for, and writes down
 * those that have ended. May be called at any time, by any number of workers, and after any crash: the rotation and the
 * note of it are one transaction, and what counts no more is not rotated again.
 */
export async function runDeparture(id: string): Promise<void> {
  const row = await db.departure.findUnique({ where: { id }, include: DEPARTURE_PARTS });
  if (!row) return;
  for (const one of row.credentials) if (one.requestedAt !== null && one.endedAt === null) await step(row, one);
  await finish(row);
}

async function step(departure: DepartureRow, one: SeenRow): Promise<void> {
  if (one.jobId !== null && !hasEnded(one)) return;
  if (!stillCounts(one)) return end(one, null);
  // The rotation is done where the old password lives on: what runs has it until it is deployed.
  if (one.job) return end(one, one.job.errorCode ?? AWAITS_DEPLOYMENT);
  const refusal = await begin(departure, one);
  if (refusal === 'rotation_in_progress') await db.departureCredential.updateMany({ where: unended(one), data: { nextAttemptAt: storeTime(LOOK_AGAIN_MS) } });
  else if (refusal !== null) await end(one, refusal);
}

/** Begins the rotation. Answers the code of what is in its way, or null. */
async function begin({ organizationId, email, requestedBy }: DepartureRow, one: SeenRow): Promise<string | null> {
  const [project] = one.database.projects;
  if (!project) return 'not_found';
  const wish: RotationWish = {
    reason: 'departure',
    note: `${email} was removed. Requested by ${requestedBy ?? 'Rekey'}.`,
    // What runs in an environment is not to be locked out: its password goes with the next deployment.
    ...(project.siteEnvironment && { retirement: 'on_deploy' }),
  };
  const note = async (tx: Tx, jobId: string) => {
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

async function end(one: SeenRow, errorCode: string | null): Promise<void> {
  await db.departureCredential.updateMany({ where: { ...unended(one), jobId: one.jobId }, data: { endedAt: storeTime(), errorCode } });
}

/** Once the last rotation has ended: says so, once. */
async function finish({ id, organizationId, email }: DepartureRow): Promise<void> {
  await db.$transaction(async (tx) => {
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
