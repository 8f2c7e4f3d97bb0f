import { signedInMember } from '#lib/auth/signed-in-member.ts';
import type { Context, Origin } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';

/** Notes a wrong code that came with the right password, for the member to be told. */
export async function noteWrongCode(tx: Tx, secondFactorId: string, { address }: Origin): Promise<void> {
  await tx.$executeRaw`
    UPDATE second_factors SET wrong_codes = wrong_codes + 1, wrong_code_at = now(), wrong_code_address = ${address ?? null} WHERE id = ${secondFactorId}`;
}

/** Ends the notice of wrong codes, once the member has seen it or has another password. */
export async function forgetWrongCodesIn(tx: Tx, userId: string): Promise<void> {
  await tx.secondFactor.updateMany({ where: { userId }, data: { wrongCodes: 0, wrongCodeAt: null, wrongCodeAddress: null } });
}

/** The same for the signed-in member. The audit log keeps each refusal. */
export const forgetWrongCodes = (context: Context): Promise<void> => db.$transaction((tx) => forgetWrongCodesIn(tx, signedInMember(context).id));
