import { recordAudit } from '#lib/audit/record-audit.ts';
import { signedInMember } from '#lib/auth/signed-in-member.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { writeRecoveryCodes } from './write-recovery-codes.ts';

/** Ten new recovery codes in place of the former ones. Answers them, this once. Throws conflict where the second factor is off. */
export async function renewRecoveryCodes(context: Context): Promise<string[]> {
  const { id: userId } = signedInMember(context);
  return db.$transaction(async (tx) => {
    const factor = await tx.secondFactor.findFirst({ where: { userId, confirmedAt: { not: null } } });
    if (!factor) throw new DomainError('conflict', 'The second factor is off. Nothing was changed. Turn it on first; recovery codes come with it.');
    await recordAudit(tx, context, { action: 'second_factor.recovery_codes_made' });
    return writeRecoveryCodes(tx, factor);
  });
}
