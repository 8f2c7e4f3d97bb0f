import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { invalidField } from '#lib/errors.ts';
import type { ConfirmBody } from '#lib/http/wire/self.ts';
import { signInLimits } from '#lib/limits/limits.ts';
import { takeFromLimit } from '#lib/limits/take-from-limit.ts';
import { verifyPassword } from './hash-password.ts';
import { signedInMember } from './signed-in-member.ts';

/**
 * Makes the session fresh again with the member's password. Each try counts as one to sign in.
 * @throws {DomainError} validation_failed where the password is wrong, rate_limited
 */
export async function confirmSession(context: Context, { password }: ConfirmBody): Promise<void> {
  const { id: userId, name: email, sessionId } = signedInMember(context);
  for (const limit of signInLimits(email, context.origin.address ?? 'unknown')) await takeFromLimit(limit);
  const { passwordHash } = await db.user.findUniqueOrThrow({ where: { id: userId }, select: { passwordHash: true } });
  if (!(await verifyPassword(passwordHash, password))) {
    const reason = 'The password was wrong.';
    await db.$transaction((tx) => recordAudit(tx, context, { action: 'session.confirmation_refused', reason }));
    throw invalidField('password', 'The password is wrong. Nothing was changed.');
  }
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE sessions SET verified_at = now() WHERE id = ${sessionId} AND revoked_at IS NULL`;
    await recordAudit(tx, context, { action: 'session.confirmed' });
  });
}
