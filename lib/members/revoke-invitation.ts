import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';

/** Takes an invitation back: its link opens nothing any more. Throws not_found. */
export async function revokeInvitation(context: Context, invitationId: string): Promise<void> {
  const { organizationId } = context;
  await db.$transaction(async (tx) => {
    const found = await tx.invitation.findFirst({ where: { id: invitationId, organizationId } });
    const { count } = await tx.invitation.deleteMany({ where: { id: invitationId, organizationId } });
    if (!found || count === 0) throw notFound('invitation');
    const { email } = found;
    await recordAudit(tx, context, { action: 'member.invitation_revoked', target: { type: 'invitation', id: invitationId, name: email }, metadata: { email } });
  });
}
