import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ConfirmBody, SessionWire } from '#lib/contract/self.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context, Origin } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { withOwnPassword } from './own-password.ts';
import { readSession, signedInMember } from './read-session.ts';

/** The condition on `sessions`: the signed-in member's own. */
const ownSessions = (context: Context): { organizationId: string; userId: string } => ({
  organizationId: context.organizationId,
  userId: signedInMember(context).id,
});

/** The condition on `sessions`: those that have not ended. */
const liveSessions = (): Prisma.SessionWhereInput => ({ revokedAt: null, expiresAt: { gt: storeTime() } });

/** Returns the member's live sessions: the current one first, then the most recently used. */
export async function listOwnSessions(context: Context): Promise<SessionWire[]> {
  const { sessionId } = signedInMember(context);
  const rows = await db.session.findMany({ where: { ...ownSessions(context), ...liveSessions() }, orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }] });
  const sessions = rows.map((row) => ({
    id: row.id,
    is_current: row.id === sessionId,
    address: row.address,
    user_agent: row.userAgent,
    created_at: row.createdAt.toISOString(),
    last_seen_at: row.lastSeenAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
  }));
  return sessions.sort((a, b) => Number(b.is_current) - Number(a.is_current));
}

/** Ends the given sessions of the member, with one audit event each. Returns how many it ended. */
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

/** Ends all of the member's sessions except the current one, in the caller's transaction. Returns how many it ended. */
export async function revokeOthersIn(tx: Tx, context: Context): Promise<number> {
  const { sessionId } = signedInMember(context);
  const others = await tx.session.findMany({ where: { ...ownSessions(context), ...liveSessions(), id: { not: sessionId } }, select: { id: true } });
  return end(
    tx,
    context,
    others.map(({ id }) => id),
  );
}

/** Ends all of the member's sessions except the current one. Returns how many it ended. */
export const revokeOtherSessions = (context: Context): Promise<number> => db.$transaction((tx) => revokeOthersIn(tx, context));

/** Revokes a session: its cookie opens nothing from now on. Does nothing where it has ended already. */
export async function signOut(sessionId: string, origin: Origin): Promise<void> {
  const context = await readSession(sessionId, origin);
  if (!context) return;
  await db.$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: storeTime() } });
    if (count > 0) await recordAudit(tx, context, { action: 'session.revoked' });
  });
}

/** Makes the session fresh again with the member's password, and a code where the second factor is on. Throws as `withOwnPassword`. */
export async function confirmSession(context: Context, given: ConfirmBody): Promise<void> {
  await withOwnPassword(context, given, 'session.confirmation_refused', (tx, taken) =>
    recordAudit(tx, context, { action: 'session.confirmed', ...(taken && { metadata: { second_factor: taken } }) }),
  );
}
