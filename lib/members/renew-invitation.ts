import { recordAudit } from '#lib/audit/record-audit.ts';
import { lockActor } from '#lib/auth/lock-actor.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { InvitationMadeWire } from '#lib/http/wire/member.ts';
import { makeInvitationLink } from './invitation-link.ts';
import { refuseGivingBeyondOwn } from './may-give.ts';
import { invitationToWire } from './to-wire.ts';

/** Makes another link for an invitation; the one before opens nothing any more. Throws not_found, forbidden for a role beyond one's own. */
export async function renewInvitation(context: Context, invitationId: string): Promise<InvitationMadeWire> {
  const { organizationId, actor } = context;
  const { url, stored } = makeInvitationLink();
  const row = await db.$transaction(async (tx) => {
    await lockActor(tx, context);
    const found = await tx.invitation.findFirst({ where: { id: invitationId, organizationId } });
    if (!found) throw notFound('invitation');
    refuseGivingBeyondOwn(context, found.role);
    const { email } = found;
    // Now its link is known to whoever asked for it.
    const data = { ...stored, invitedBy: actor.name, invitedById: actor.id };
    const [made] = await tx.invitation.updateManyAndReturn({ where: { id: invitationId }, data });
    if (!made) throw notFound('invitation');
    await recordAudit(tx, context, { action: 'member.invitation_renewed', target: { type: 'invitation', id: invitationId, name: email }, metadata: { email } });
    return made;
  });
  return { invitation: invitationToWire(row), url };
}
