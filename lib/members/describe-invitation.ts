import type { JoinStateWire } from '#lib/contract/member.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Origin } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { hashToken, refuseToken } from '#lib/set-up/setup-token.ts';
import { deadInvitation } from './invitation-link.ts';

/** What the holder of an invitation's link should know before they join. Throws validation_failed for a dead link. */
export async function describeInvitation(origin: Origin, token: string): Promise<JoinStateWire> {
  const found = await db.invitation.findFirst({
    where: { tokenHash: hashToken(token), expiresAt: { gt: storeTime() } },
    include: { organization: { select: { name: true } } },
  });
  if (!found) return refuseToken(origin, deadInvitation());
  const { organization, email, role, invitedBy, expiresAt } = found;
  return { organization: organization.name, email, role, invited_by: invitedBy, expires_at: expiresAt.toISOString() };
}
