import type { MemberRole } from '#generated/prisma/enums.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ChangeMemberBody, MemberWire } from '#lib/contract/member.ts';
import { seenCredentials } from '#lib/departures/seen-credentials.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import {
  type AccessEnded,
  checkReach,
  endAccess,
  lockMember,
  MEMBER_PARTS,
  memberToWire,
  reachOf,
  refuseGivingBeyondOwn,
  refuseTouchingOwner,
} from './members.ts';

interface Standing {
  role: MemberRole;
  /** Null: all projects. */
  projectIds: string[] | null;
}

const RANKS: Record<MemberRole, number> = { viewer: 0, operator: 1, admin: 2, owner: 3 };

const reachesLess = (before: string[] | null, after: string[] | null): boolean =>
  after !== null && (before === null || before.some((id) => !after.includes(id)));

/** Whether the member may do something no longer. */
const takesAway = (before: Standing, after: Standing): boolean => RANKS[after.role] < RANKS[before.role] || reachesLess(before.projectIds, after.projectIds);

/**
 * Gives a member another role or another reach. Where that takes something from them, their sessions and the keys they
 * made end in the same moment; they sign in again with what is left.
 * @throws {DomainError} not_found, forbidden (only owners touch owners), validation_failed for the last owner or a reach that cannot be
 */
export async function changeMember(context: Context, userId: string, body: ChangeMemberBody): Promise<MemberWire> {
  const { organizationId } = context;
  const { row, seen, told } = await db.$transaction(async (tx) => {
    const { member, isLastOwner } = await lockMember(tx, context, userId);
    refuseTouchingOwner(context, member.role);
    const before: Standing = { role: member.role, projectIds: reachOf(member) };
    const after: Standing = {
      role: body.role ?? before.role,
      projectIds: body.project_ids === undefined ? before.projectIds : body.project_ids && [...new Set(body.project_ids)],
    };
    if (after.role !== before.role) refuseGivingBeyondOwn(context, after.role);
    if (isLastOwner && after.role !== 'owner') throw invalidField('role', 'One owner must remain. Make another member an owner first.');
    await checkReach(tx, organizationId, after.role, after.projectIds);
    await tx.memberGrant.deleteMany({ where: { organizationId, userId } });
    await tx.member.update({
      where: { organizationId_userId: { organizationId, userId } },
      data: {
        role: after.role,
        isRestricted: after.projectIds !== null,
        grants: { createMany: { data: (after.projectIds ?? []).map((projectId) => ({ projectId })) } },
      },
    });
    const ended: AccessEnded = takesAway(before, after) ? await endAccess(tx, context, userId) : { sessions: 0, apiKeys: 0, told: [] };
    await recordAudit(tx, context, {
      action: 'member.changed',
      target: { type: 'member', id: userId, name: member.user.email },
      metadata: {
        user_id: userId,
        email: member.user.email,
        from_role: before.role,
        role: after.role,
        projects: after.projectIds?.length ?? null,
        sessions_ended: ended.sessions,
        api_keys_revoked: ended.apiKeys,
      },
    });
    const row = await tx.member.findUniqueOrThrow({ where: { organizationId_userId: { organizationId, userId } }, include: MEMBER_PARTS });
    return { row, seen: (await seenCredentials(tx, context, [userId])).length, told: ended.told };
  });
  await wakeDeliveries(told);
  return memberToWire(row, seen);
}
