import { signedInMember } from '#lib/auth/signed-in-member.ts';
import type { SecondFactorWire } from '#lib/contract/self.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';

/** Whether the member's second factor is on, how many recovery codes are left, and how many wrong codes they are to be told of. */
export async function describeSecondFactor(context: Context): Promise<SecondFactorWire> {
  const factor = await db.secondFactor.findFirst({
    where: { userId: signedInMember(context).id, confirmedAt: { not: null } },
    include: { _count: { select: { recoveryCodes: { where: { usedAt: null } } } } },
  });
  return {
    is_on: factor !== null,
    since: factor?.confirmedAt?.toISOString() ?? null,
    recovery_codes_left: factor?._count.recoveryCodes ?? 0,
    wrong_codes: factor?.wrongCodeAt ? { count: factor.wrongCodes, last_at: factor.wrongCodeAt.toISOString(), last_address: factor.wrongCodeAddress } : null,
  };
}
