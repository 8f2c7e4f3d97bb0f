import { lockActor } from '#lib/access/lock-actor.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { loadSecondFactor, noteWrongCode, type TakenCode, takeCode } from '#lib/auth/second-factor/second-factor.ts';
import type { AuditAction } from '#lib/contract/audit-actions.ts';
import type { ConfirmBody } from '#lib/contract/self.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { codeGuessLimits, sessionGuessLimits } from '#lib/limits/limits.ts';
import { giveBackGuess, takeGuess } from '#lib/limits/take-guess.ts';
import { verifyPassword } from './hash-password.ts';
import { signedInMember } from './read-session.ts';

/**
 * Whether this hash is still the person's, which it then stays until the transaction ends. A password is compared with its
 * hash before the transaction, since that is slow, and may have been changed meanwhile.
 */
export async function lockPassword(tx: Tx, userId: string, passwordHash: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT FROM users WHERE id = ${userId} AND password_hash = ${passwordHash} FOR NO KEY UPDATE`;
  return rows.length > 0;
}

/** What the password lets the member do, in the transaction that uses their code up; null where the second factor is off. */
type Act<T> = (tx: Tx, taken: TakenCode | null) => Promise<T>;

/**
 * Does what only the member's own password lets them, and a code where the second factor is on. Tries count for
 * this session alone, so that nobody at the sign-in makes its owner wait; which of the two was wrong is not told, and is recorded as
 * `refused`. The session is fresh again afterwards.
 * @throws {DomainError} validation_failed where it is wrong or the code is missing, rate_limited
 */
export async function withOwnPassword<T>(context: Context, { password, code }: ConfirmBody, refused: AuditAction, act: Act<T>): Promise<T> {
  const { id: userId, sessionId } = signedInMember(context);
  const factor = await loadSecondFactor(userId);
  if (factor && !code) throw invalidField('code', 'Enter the code your app shows, or a recovery code. Nothing was changed.');
  const limits = sessionGuessLimits(sessionId);
  await takeGuess(limits);
  const { passwordHash } = await db.user.findUniqueOrThrow({ where: { id: userId }, select: { passwordHash: true } });
  const matches = await verifyPassword(passwordHash, password);
  const codeLimits = matches && factor ? codeGuessLimits(sessionId) : [];
  await takeGuess(codeLimits);
  const done = await db.$transaction(async (tx) => {
    await lockActor(tx, context);
    const isStill = matches && (await lockPassword(tx, userId, passwordHash));
    const taken = isStill && factor ? await takeCode(tx, factor, code ?? '') : null;
    const isRight = isStill && (factor === null || taken !== null);
    if (!isRight) {
      if (isStill && factor) await noteWrongCode(tx, factor.id, context.origin);
      await recordAudit(tx, context, { action: refused, reason: isStill ? 'The code was wrong or used before.' : 'The password was wrong.' });
      return null;
    }
    await tx.$executeRaw`UPDATE sessions SET verified_at = now() WHERE id = ${sessionId} AND revoked_at IS NULL`;
    return { value: await act(tx, taken) };
  });
  if (!done) throw invalidField('password', `The password ${factor ? 'or the code ' : ''}is wrong. Nothing was changed.`);
  await giveBackGuess([...limits, ...codeLimits]);
  return done.value;
}
