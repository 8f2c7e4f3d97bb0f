import { recordAudit } from '#lib/audit/record-audit.ts';
import { signedInMember } from '#lib/auth/signed-in-member.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, invalidField } from '#lib/kernel/errors.ts';
import { openTotpSecret } from './seal-totp-secret.ts';
import { storeNow, takeStep } from './take-code.ts';
import { stepOf } from './totp.ts';
import { writeRecoveryCodes } from './write-recovery-codes.ts';

const begin = () => new DomainError('conflict', 'No second factor is being set up. Nothing was changed. Begin with POST /api/v1/me/second-factor.');

/**
 * Turns the second factor on once the app has shown that it has the secret. Answers the recovery codes, this once.
 * @throws {DomainError} conflict where none was begun, validation_failed where the code is wrong
 */
export async function confirmSecondFactor(context: Context, code: string): Promise<string[]> {
  const { id: userId } = signedInMember(context);
  const pending = await db.secondFactor.findFirst({ where: { userId, confirmedAt: null } });
  if (!pending) throw begin();
  const secret = await openTotpSecret(pending, pending.secretSealed);
  return db.$transaction(async (tx) => {
    const now = await storeNow(tx);
    if (!(await takeStep(tx, pending.id, stepOf(secret, code, now))))
      throw invalidField('code', 'The code is not the current one. Nothing was changed. Enter the one the app shows; its clock must be right.');
    const { count } = await tx.secondFactor.updateMany({ where: { id: pending.id, confirmedAt: null }, data: { confirmedAt: now } });
    if (count === 0) throw begin();
    await recordAudit(tx, context, { action: 'second_factor.enabled' });
    return writeRecoveryCodes(tx, pending);
  });
}
