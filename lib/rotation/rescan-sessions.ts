import { storeTime } from '#lib/clock.ts';
import { db } from '#lib/db.ts';
import { EngineError } from '#lib/engines/engine.ts';
import { asRole, WITH_CURRENT } from './as-role.ts';
import { ATTENTION_INTERVAL_MS } from './limits.ts';
import { countSessions, sessionCutOf } from './session-cut.ts';
import { LIVE_STATES } from './states.ts';
import type { Located } from './target.ts';

/** Ended rotations whose sessions are to be scanned again, with the address of their login. */
export const findDueRescans = (): Promise<Located[]> => db.$queryRaw`
  SELECT r.id, d.host, d.direct_port AS "directPort" FROM rotations r JOIN databases d ON d.id = r.database_id
  WHERE r.rescan_at <= now() AND r.state = 'completed'`;

/**
 * Ends the sessions begun before a change once more: a login in progress at that moment may have finished with the old
 * password. Repeats it after a crash, and later if the server does not answer; gives up if the server rejects the
 * stored password.
 */
export async function rescanSessions(id: string): Promise<void> {
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
    await db.$transaction(async (tx) => {
      const cleared = await tx.rotation.updateMany({ where: { id, rescanAt: { not: null } }, data: { rescanAt: null, sessionsLeft: left } });
      if (cleared.count === 0) return;
      await tx.rotationStep.create({ data: { organizationId, rotationId: id, fence, kind: 'sessions_rescanned', detail: { count } } });
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // During the next rotation the stored password may be wrong for a moment.
    const givesUp = !error.transient && database.rotations.length === 0;
    await db.rotation.updateMany({ where: { id, rescanAt: { not: null } }, data: { rescanAt: givesUp ? null : storeTime(ATTENTION_INTERVAL_MS) } });
  }
}
