import { Prisma } from '#generated/prisma/client.ts';
import { EngineError } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { ATTENTION_INTERVAL_MS } from '#lib/logins/limits.ts';
import { asRole, WITH_CURRENT } from '#lib/logins/probe.ts';
import type { Located } from '#lib/logins/target.ts';
import { attemptWork, isSharedClaimable, type SharedClaim, settleClaim } from '#lib/queue/claim.ts';
import { LIVE_STATES } from '#lib/rotation/machine/states.ts';
import { countSessions, sessionCutOf } from './session-cut.ts';

/** Ended rotations whose sessions are to be scanned again, with the address of their login, for a worker that may claim them. */
export const findDueRescans = (workerId: string): Promise<Located[]> => db.$queryRaw`
  SELECT r.id, d.host, d.direct_port AS "directPort" FROM rotations r JOIN databases d ON d.id = r.database_id
  WHERE r.rescan_at <= now() AND r.state = 'completed' AND ${isSharedClaimable('sessions.rescan', Prisma.sql`r.id`, workerId)}`;

/**
 * Ends the sessions begun before a change once more: a login in progress at that moment may have finished with the old
 * password. Repeats it after a crash, and later if the server does not answer; gives up if the server rejects the
 * stored password.
 */
export async function rescanSessions(id: string, workerId: string): Promise<void> {
  await attemptWork('sessions.rescan', id, workerId, rescan);
}

/** Between two tries at a server that does not answer: 15 minutes. */
const LONGEST_WAIT_MS = 15 * 60_000;

async function rescan(claim: SharedClaim): Promise<void> {
  const { id } = claim;
  const { job, database, fence, organizationId, rescanAt, ...rotation } = await db.rotation.findUniqueOrThrow({
    where: { id },
    include: { job: true, database: { include: { ...WITH_CURRENT, rotations: { where: { state: { in: LIVE_STATES } } } } } },
  });
  const cut = sessionCutOf(rotation);
  if (!cut || !rescanAt) return;
  try {
    const { count, left } = await asRole(database, job.projectId, async (session) => ({
      count: await session.endSessions(cut),
      left: await countSessions(session, rotation, cut),
    }));
    await failpoint('rescan.done');
    await db.$transaction(async (tx) => {
      await settleClaim(tx, claim);
      const cleared = await tx.rotation.updateMany({ where: { id, rescanAt: { not: null } }, data: { rescanAt: null, sessionsLeft: left } });
      if (cleared.count === 0) return;
      await tx.rotationStep.create({ data: { organizationId, rotationId: id, fence, kind: 'sessions_rescanned', detail: { count } } });
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // During the next rotation the stored password may be wrong for a moment.
    const givesUp = !error.transient && database.rotations.length === 0;
    await db.$transaction(async (tx) => {
      await settleClaim(tx, claim);
      // The longer it has not answered, the longer it is left alone.
      const waitMs = Math.min(Math.max(ATTENTION_INTERVAL_MS, (storeTime().getTime() - cut.at.getTime()) / 4), LONGEST_WAIT_MS) * (0.8 + Math.random() * 0.4);
      const nextAt = error.retryAt ?? storeTime(waitMs);
      await tx.rotation.updateMany({ where: { id, rescanAt: { not: null } }, data: { rescanAt: givesUp ? null : nextAt } });
    });
  }
}
