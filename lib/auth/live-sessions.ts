import type { Prisma } from '#generated/prisma/client.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { signedInMember } from './signed-in-member.ts';

/** The condition on `sessions`: the signed-in member's own. */
export const ownSessions = (context: Context): { organizationId: string; userId: string } => ({
  organizationId: context.organizationId,
  userId: signedInMember(context).id,
});

/** The condition on `sessions`: those that have not ended. */
export const liveSessions = (): Prisma.SessionWhereInput => ({ revokedAt: null, expiresAt: { gt: storeTime() } });
