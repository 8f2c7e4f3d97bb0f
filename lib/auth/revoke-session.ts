import { recordAudit } from '#lib/audit/record-audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { liveSessions, ownSessions } from './live-sessions.ts';
import { signedInMember } from './signed-in-member.ts';

/** Ends these of the member's sessions, each with a record of its own. Answers how many there were. */
async function end(tx: Tx, context: Context, ids: string[]): Promise<number> {
  const { sessionId } = signedInMember(context);
  const ended = await tx.session.updateManyAndReturn({
    where: { ...ownSessions(context), id: { in: ids }, revokedAt: null },
    data: { revokedAt: storeTime() },
    select: { id: true, address: true, userAgent: true },
  });
  for (const { id, address, userAgent } of ended) {
    const other = { target: { type: 'session', id }, metadata: { session_address: address, session_user_agent: userAgent } };
    await recordAudit(tx, context, { action: 'session.revoked', ...(id !== sessionId && other) });
  }
  return ended.length;
}

/** Ends one of the member's own sessions: its cookie opens nothing from now on. One that has ended stays so. Throws not_found. */
export async function revokeSession(context: Context, id: string): Promise<void> {
  await db.$transaction(async (tx) => {
    if (!(await tx.session.findFirst({ where: { ...ownSessions(context), id }, select: { id: true } }))) throw notFound('session');
    await end(tx, context, [id]);
  });
}

/** Ends all of the member's sessions but the one that asks, in the transaction of why. Answers how many. */
export async function revokeOthersIn(tx: Tx, context: Context): Promise<number> {
  const { sessionId } = signedInMember(context);
  const others = await tx.session.findMany({ where: { ...ownSessions(context), ...liveSessions(), id: { not: sessionId } }, select: { id: true } });
  return end(
    tx,
    context,
    others.map(({ id }) => id),
  );
}

/** Ends all of the member's sessions but the one that asks. Answers how many. */
export const revokeOtherSessions = (context: Context): Promise<number> => db.$transaction((tx) => revokeOthersIn(tx, context));
