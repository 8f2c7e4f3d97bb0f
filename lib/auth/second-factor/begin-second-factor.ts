import { signedInMember } from '#lib/auth/signed-in-member.ts';
import type { SecondFactorBegunWire } from '#lib/contract/self.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { sealTotpSecret } from './seal-totp-secret.ts';
import { newTotpSecret, totpUri } from './totp.ts';

/** Makes a secret for the member's app. Nothing asks for its codes until one of them has been given. Throws conflict where it is on. */
export async function beginSecondFactor(context: Context): Promise<SecondFactorBegunWire> {
  const { id: userId, name } = signedInMember(context);
  const secret = newTotpSecret();
  const key = { id: newId('sfa'), organizationId: context.organizationId };
  const secretSealed = await sealTotpSecret(key, secret);
  await db.$transaction(async (tx) => {
    // Whoever began before and did not go on begins anew; the user's row keeps two from beginning at once.
    await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${userId} FOR UPDATE`;
    await tx.secondFactor.deleteMany({ where: { userId, confirmedAt: null } });
    if (await tx.secondFactor.findUnique({ where: { userId }, select: { id: true } }))
      throw new DomainError('conflict', 'The second factor is on already. Nothing was changed. To take another app, turn it off first.');
    await tx.secondFactor.create({ data: { ...key, userId, secretSealed } });
  });
  return { secret: secret.reveal(), otpauth_uri: totpUri(secret, name) };
}
