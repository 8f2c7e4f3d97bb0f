import { recordAudit } from '#lib/audit/record-audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Origin } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { readSession } from './read-session.ts';

/** Revokes a session: its cookie opens nothing from now on. Does nothing where it has ended already. */
export async function signOut(sessionId: string, origin: Origin): Promise<void> {
  const context = await readSession(sessionId, origin);
  if (!context) return;
  await db.$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: storeTime() } });
    if (count > 0) await recordAudit(tx, context, { action: 'session.revoked' });
  });
}
