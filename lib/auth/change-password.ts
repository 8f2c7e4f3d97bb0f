import { recordAudit } from '#lib/audit/record-audit.ts';
import { forgetWrongCodesIn } from '#lib/auth/second-factor/second-factor.ts';
import type { ChangePasswordBody } from '#lib/contract/self.ts';
import type { Context } from '#lib/kernel/context.ts';
import { hashPassword } from './hash-password.ts';
import { withOwnPassword } from './own-password.ts';
import { revokeOthersIn } from './own-sessions.ts';
import { signedInMember } from './read-session.ts';
import { refuseCommonPassword } from './refuse-common-password.ts';

/**
 * Changes the member's sign-in password and ends all of their sessions except the current one. API keys stay valid.
 * Returns the number of sessions it ended. Throws as `withOwnPassword`, and validation_failed
 * for a common password.
 */
export async function changePassword(context: Context, { new_password: password, ...given }: ChangePasswordBody): Promise<number> {
  const { id, name: email } = signedInMember(context);
  await refuseCommonPassword('new_password', password, [email]);
  const passwordHash = await hashPassword(password);
  return withOwnPassword(context, given, 'password.change_refused', async (tx, taken) => {
    await tx.user.update({ where: { id }, data: { passwordHash } });
    await forgetWrongCodesIn(tx, id);
    const ended = await revokeOthersIn(tx, context);
    await recordAudit(tx, context, { action: 'password.changed', metadata: { sessions_ended: ended, ...(taken && { second_factor: taken }) } });
    return ended;
  });
}
