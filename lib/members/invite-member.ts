import { lockActor } from '#lib/access/lock-actor.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { InvitationMadeWire, InviteBody } from '#lib/contract/member.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, isUniqueViolation } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { checkReach } from './check-reach.ts';
import { makeInvitationLink } from './invitation-link.ts';
import { refuseGivingBeyondOwn } from './may-give.ts';
import { invitationToWire } from './to-wire.ts';

/**
 * Invites somebody by a one-time link, which is in this answer and nowhere else: whoever has it becomes the member.
 * @throws {DomainError} forbidden for a role beyond one's own, validation_failed for who is a member or invited already
 */
export async function inviteMember(context: Context, body: InviteBody): Promise<InvitationMadeWire> {
  const { organizationId, actor } = context;
  const { role } = body;
  const email = body.email.trim().toLowerCase();
  refuseGivingBeyondOwn(context, role);
  const projectIds = body.project_ids ? [...new Set(body.project_ids)] : null;
  const { url, stored } = makeInvitationLink();
  try {
    const row = await db.$transaction(async (tx) => {
      await lockActor(tx, context);
      await checkReach(tx, organizationId, role, projectIds);
      if ((await tx.user.count({ where: { email } })) > 0)
        throw invalidField('email', 'A member with this email already exists. Change that member’s role instead.');
      const made = await tx.invitation.create({
        data: {
          id: newId('inv'),
          organizationId,
          email,
          role,
          isRestricted: projectIds !== null,
          projectIds: projectIds ?? [],
          invitedBy: actor.name,
          invitedById: actor.id,
          ...stored,
        },
      });
      await recordAudit(tx, context, {
        action: 'member.invited',
        target: { type: 'invitation', id: made.id, name: email },
        metadata: { email, role, projects: projectIds?.length ?? null, expires_at: made.expiresAt.toISOString() },
      });
      return made;
    });
    return { invitation: invitationToWire(row), url };
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidField('email', 'There is already an invitation for this email. Create a new link for it, or revoke it first.');
    throw error;
  }
}
