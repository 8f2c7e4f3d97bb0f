import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { InvitationWire } from '#lib/http/wire/member.ts';
import { invitationToWire } from './to-wire.ts';

/** The invitations that nobody has used, the newest first; also those whose link has expired. */
export async function listInvitations({ organizationId }: Context): Promise<InvitationWire[]> {
  const rows = await db.invitation.findMany({ where: { organizationId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  return rows.map(invitationToWire);
}
