import type { MemberRole } from '#generated/prisma/enums.ts';
import { FRESH_SECONDS, isSeenDue, sessionEnd } from '#lib/access/session-times.ts';
import type { Actor, Context, Origin } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';

interface Row {
  organizationId: string;
  id: string;
  name: string;
  role: MemberRole;
  projectIds: string[] | null;
  authenticatedAt: Date;
  createdAt: Date;
  lastSeenAt: Date;
  isFresh: boolean;
  now: Date;
}

/**
 * The context of a live session, or null where it is revoked, over, or its user is no longer a member. Writes down that it is used.
 * What is over and what is fresh is told by the store's clock.
 */
export async function readSession(sessionId: string, origin: Origin): Promise<Context | null> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT s.organization_id AS "organizationId", s.user_id AS "id", u.email AS "name", m.role, s.authenticated_at AS "authenticatedAt",
      CASE WHEN m.is_restricted THEN ARRAY(
        SELECT g.project_id FROM member_grants g WHERE g.organization_id = m.organization_id AND g.user_id = m.user_id
      ) END AS "projectIds",
      s.created_at AS "createdAt", s.last_seen_at AS "lastSeenAt", s.verified_at > now() - make_interval(secs => ${FRESH_SECONDS}) AS "isFresh", now() AS "now"
    FROM sessions s JOIN users u ON u.id = s.user_id JOIN members m ON m.user_id = s.user_id AND m.organization_id = s.organization_id
    WHERE s.id = ${sessionId} AND s.revoked_at IS NULL AND s.expires_at > now()`;
  if (!row) return null;
  const { organizationId, createdAt, lastSeenAt, now, ...member } = row;
  if (isSeenDue(lastSeenAt, now)) {
    const data = { expiresAt: sessionEnd(createdAt, now), lastSeenAt: now };
    await db.session.updateMany({ where: { id: sessionId, revokedAt: null }, data });
  }
  return { organizationId, origin, actor: { kind: 'user', ...member, sessionId } };
}

/** Who is signed in. Throws `forbidden` if that is not a person; rights marked `isForPeople` have refused those earlier. */
export function signedInMember({ actor }: Context): Extract<Actor, { kind: 'user' }> {
  if (actor.kind !== 'user') throw new DomainError('forbidden', 'This is for signed-in people. Nothing was changed.');
  return actor;
}
