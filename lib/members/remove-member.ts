import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { invalidField } from '#lib/errors.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { endAccess } from './end-access.ts';
import { lockMember } from './lock-member.ts';
import { refuseTouchingOwner } from './may-give.ts';

/**
 * Removes a member. Their sessions and the keys they made are dead from the next request on; their login is forgotten
 * where no other organization knows it.
 * @throws {DomainError} not_found, forbidden for an owner where the asker is none, validation_failed for the last owner
 */
export async function removeMember(context: Context, userId: string): Promise<void> {
  const { organizationId } = context;
  const told = await db.$transaction(async (tx) => {
    const { member, isLastOwner } = await lockMember(tx, context, userId);
    refuseTouchingOwner(context, member.role);
    if (isLastOwner) throw invalidField('member_id', 'One owner must remain. Make another member an owner first.');
    const ended = await endAccess(tx, context, userId);
    await tx.member.delete({ where: { organizationId_userId: { organizationId, userId } } });
    await tx.user.deleteMany({ where: { id: userId, members: { none: {} } } });
    const { email } = member.user;
    await recordAudit(tx, context, {
      action: 'member.removed',
      target: { type: 'member', id: userId, name: email },
      metadata: { user_id: userId, email, role: member.role, sessions_ended: ended.sessions, api_keys_revoked: ended.apiKeys },
    });
    return ended.told;
  });
  await wakeDeliveries(told);
}
