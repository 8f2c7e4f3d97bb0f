import type { Invitation, Prisma } from '#generated/prisma/client.ts';
import type { InvitationWire, MemberWire } from '#lib/contract/member.ts';

export const MEMBER_PARTS = {
  grants: { select: { projectId: true }, orderBy: { projectId: 'asc' } },
  user: {
    select: {
      email: true,
      name: true,
      sessions: { orderBy: { lastSeenAt: 'desc' }, take: 1, select: { lastSeenAt: true, address: true } },
      secondFactor: { select: { confirmedAt: true } },
    },
  },
} as const satisfies Prisma.MemberInclude;
export type MemberRow = Prisma.MemberGetPayload<{ include: typeof MEMBER_PARTS }>;

/** The projects a member or an invitation is held to; null: all. */
export const reachOf = ({ isRestricted, grants }: Pick<MemberRow, 'isRestricted' | 'grants'>): string[] | null =>
  isRestricted ? grants.map(({ projectId }) => projectId) : null;

/** `seen`: of how many logins they have seen a password that still counts. */
export function memberToWire(row: MemberRow, seen: number): MemberWire {
  const [session] = row.user.sessions;
  return {
    user_id: row.userId,
    email: row.user.email,
    name: row.user.name,
    role: row.role,
    project_ids: reachOf(row),
    last_seen_at: session?.lastSeenAt.toISOString() ?? null,
    last_seen_address: session?.address ?? null,
    has_second_factor: Boolean(row.user.secondFactor?.confirmedAt),
    seen,
    created_at: row.createdAt.toISOString(),
  };
}

export const invitationToWire = (row: Invitation): InvitationWire => ({
  id: row.id,
  organization_id: row.organizationId,
  email: row.email,
  role: row.role,
  project_ids: row.isRestricted ? row.projectIds : null,
  invited_by: row.invitedBy,
  expires_at: row.expiresAt.toISOString(),
  created_at: row.createdAt.toISOString(),
});
