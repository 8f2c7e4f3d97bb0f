import type { SessionWire } from '#lib/contract/self.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { liveSessions, ownSessions } from './live-sessions.ts';
import { signedInMember } from './signed-in-member.ts';

/** The member's sessions that have not ended: the one that asks first, then the last used. */
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
