import type { InvitationWire } from '#lib/contract/member.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invitationToWire } from './to-wire.ts';

/** The invitations that nobody has used, the newest first; also those whose link has expired. */
export async function listInvitations({ organizationId }: Context): Promise<InvitationWire[]> {
  const rows = await db.invitation.findMany({ where: { organizationId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  return rows.map(invitationToWire);
}
