import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { invalidField } from '#lib/errors.ts';
import type { ConfirmBody } from '#lib/http/wire/self.ts';
import { codeLimit, signInLimits } from '#lib/limits/limits.ts';
import { takeFromLimit } from '#lib/limits/take-from-limit.ts';
import { loadSecondFactor } from '#lib/second-factor/load-second-factor.ts';
import { takeCode } from '#lib/second-factor/take-code.ts';
import { verifyPassword } from './hash-password.ts';
import { signedInMember } from './signed-in-member.ts';

/**
 * Makes the session fresh again with the member's password, and a code where the second factor is on. Each try counts
 * as one to sign in; which of the two was wrong is not told.
 * @throws {DomainError} validation_failed where it is wrong or the code is missing, rate_limited
 */
export async function confirmSession(context: Context, { password, code }: ConfirmBody): Promise<void> {
  const { id: userId, name: email, sessionId } = signedInMember(context);
  for (const limit of signInLimits(email, context.origin.address ?? 'unknown')) await takeFromLimit(limit);
  const factor = await loadSecondFactor(userId);
  if (factor && !code) throw invalidField('code', 'Give the code your app shows, or a recovery code. Nothing was changed.');
  const { passwordHash } = await db.user.findUniqueOrThrow({ where: { id: userId }, select: { passwordHash: true } });
  const matches = await verifyPassword(passwordHash, password);
  if (matches && factor) await takeFromLimit(codeLimit(userId));
  const isConfirmed = await db.$transaction(async (tx) => {
    const taken = matches && factor ? await takeCode(tx, factor, code ?? '') : null;
    const isRight = matches && (factor === null || taken !== null);
    if (isRight) await tx.$executeRaw`UPDATE sessions SET verified_at = now() WHERE id = ${sessionId} AND revoked_at IS NULL`;
    await recordAudit(tx, context, {
      action: isRight ? 'session.confirmed' : 'session.confirmation_refused',
      ...(taken && { metadata: { second_factor: taken } }),
      ...(!isRight && { reason: matches ? 'The code was wrong or used before.' : 'The password was wrong.' }),
    });
    return isRight;
  });
  if (!isConfirmed) throw invalidField('password', `The password ${factor ? 'or the code ' : ''}is wrong. Nothing was changed.`);
}
