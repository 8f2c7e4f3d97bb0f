import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { MemberWire } from '#lib/http/wire/member.ts';
import { MEMBER_PARTS, memberToWire } from './to-wire.ts';

/** The organization's members, in the order in which they came. */
export async function listMembers({ organizationId }: Context): Promise<MemberWire[]> {
  const rows = await db.member.findMany({ where: { organizationId }, include: MEMBER_PARTS, orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }] });
  return rows.map(memberToWire);
}
