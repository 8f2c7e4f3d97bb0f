import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { MEMBER_PARTS, type MemberRow } from './to-wire.ts';

interface LockedMember {
  member: MemberRow;
  /** Whether without them there would be no owner. */
  isLastOwner: boolean;
}

/** Locks a member, and all owners with them: two who leave at once cannot both believe that the other one stays. Throws not_found. */
export async function lockMember(tx: Tx, { organizationId }: Context, userId: string): Promise<LockedMember> {
  await tx.$queryRaw`SELECT FROM members WHERE organization_id = ${organizationId} AND (user_id = ${userId} OR role = 'owner') ORDER BY user_id FOR UPDATE`;
  const member = await tx.member.findUnique({ where: { organizationId_userId: { organizationId, userId } }, include: MEMBER_PARTS });
  if (!member) throw notFound('member');
  const isLastOwner = member.role === 'owner' && (await tx.member.count({ where: { organizationId, role: 'owner' } })) === 1;
  return { member, isLastOwner };
}
