import type { Context, Origin } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { isSlideDue, sessionEnd } from './session-times.ts';

/** The context of a live session, or null where it is revoked, over, or its user is no longer a member. Moves its end. */
export async function readSession(sessionId: string, origin: Origin): Promise<Context | null> {
  const row = await db.session.findUnique({
    where: { id: sessionId },
    include: {
      user: { select: { email: true, members: { select: { organizationId: true, role: true, isRestricted: true, grants: { select: { projectId: true } } } } } },
    },
  });
  const now = new Date();
  if (!row || row.revokedAt || row.expiresAt <= now) return null;
  const member = row.user.members.find((m) => m.organizationId === row.organizationId);
  if (!member) return null;
  const end = sessionEnd(row.createdAt, now);
  if (isSlideDue(row.expiresAt, end)) await db.session.updateMany({ where: { id: row.id, revokedAt: null }, data: { expiresAt: end } });
  const { organizationId, userId: id, authenticatedAt } = row;
  const projectIds = member.isRestricted ? member.grants.map(({ projectId }) => projectId) : null;
  return { organizationId, origin, actor: { kind: 'user', id, name: row.user.email, role: member.role, projectIds, sessionId: row.id, authenticatedAt } };
}
