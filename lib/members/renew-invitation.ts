import { lockActor } from '#lib/access/lock-actor.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { InvitationMadeWire } from '#lib/contract/member.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
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
