import { recordAudit } from '#lib/audit/record-audit.ts';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { refuseCommonPassword } from '#lib/auth/refuse-common-password.ts';
import type { JoinBody } from '#lib/contract/member.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Origin } from '#lib/kernel/context.ts';
import { db, isUniqueViolation } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { hashToken, refuseToken } from '#lib/set-up/setup-token.ts';
import { deadInvitation } from './invitation-link.ts';

/** Makes the holder of an invitation's link a member, once. Throws validation_failed for a dead link. */
export async function acceptInvitation(origin: Origin, { token, name, password }: JoinBody): Promise<{ organization_id: string; user_id: string }> {
  const where = { tokenHash: hashToken(token), expiresAt: { gt: storeTime() } };
  const found = await db.invitation.findFirst({ where });
  if (!found) return refuseToken(origin, deadInvitation());
  await refuseCommonPassword('password', password, [found.email, name]);
  const passwordHash = await hashPassword(password);
  try {
    return await db.$transaction(async (tx) => {
      // Asked again where it counts: of two who come at once, one finds nothing.
      const { count } = await tx.invitation.deleteMany({ where });
      if (count === 0) throw deadInvitation();
      const { organizationId, email, role, isRestricted } = found;
      const projects = await tx.project.findMany({ where: { organizationId, id: { in: found.projectIds } }, select: { id: true } });
      const id = newId('usr');
      await tx.user.create({ data: { id, email, name, passwordHash } });
      const grants = { createMany: { data: projects.map((project) => ({ projectId: project.id })) } };
      await tx.member.create({ data: { organizationId, userId: id, role, isRestricted, grants } });
      const actor = { kind: 'user', id, name: email, role, projectIds: null, sessionId: '', authenticatedAt: storeTime(), isFresh: true } as const;
      await recordAudit(
        tx,
        { organizationId, origin, actor },
        { action: 'member.joined', target: { type: 'member', id, name: email }, metadata: { user_id: id, email, role, invited_by: found.invitedBy } },
      );
      return { organization_id: organizationId, user_id: id };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidField('token', 'An account with this email already exists. Sign in with it; nothing was changed.');
    throw error;
  }
}
