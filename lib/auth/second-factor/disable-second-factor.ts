import { recordAudit } from '#lib/audit/record-audit.ts';
import { signedInMember } from '#lib/auth/signed-in-member.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';

/** Turns the second factor off: the password alone signs in, and the secret and its recovery codes are gone. */
export async function disableSecondFactor(context: Context): Promise<void> {
  const { id: userId } = signedInMember(context);
  await db.$transaction(async (tx) => {
    const { count } = await tx.secondFactor.deleteMany({ where: { userId, confirmedAt: { not: null } } });
    if (count > 0) await recordAudit(tx, context, { action: 'second_factor.disabled' });
  });
}
