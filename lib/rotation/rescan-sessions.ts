import { db } from '#lib/db.ts';
import { closeAttempt, loadAttempt } from './attempt.ts';
import { openNew } from './open-new.ts';

/**
 * Ends, once more, the sessions begun before a change: a login that was under way at that moment may have finished
 * with the old password. Does it again if a crash came between; gives up where the password has changed since.
 */
export async function rescanSessions(id: string): Promise<void> {
  const { fence } = await db.rotation.findUniqueOrThrow({ where: { id }, select: { fence: true } });
  const attempt = await loadAttempt(id, fence);
  try {
    const opened = attempt.row.changedAt && attempt.row.rescanAt ? await openNew(attempt) : null;
    const count = opened && attempt.row.changedAt ? await opened.session.endSessions(attempt.row.changedAt) : 0;
    await db.$transaction(async (tx) => {
      const cleared = await tx.rotation.updateMany({ where: { id, rescanAt: { not: null } }, data: { rescanAt: null, sessionsLeft: 0 } });
      if (cleared.count === 0) return;
      await tx.rotationStep.create({ data: { organizationId: attempt.row.organizationId, rotationId: id, fence, kind: 'sessions_rescanned', detail: { count } } });
    });
  } finally {
    await closeAttempt(attempt);
  }
}
