import type { Tx } from '#lib/kernel/db.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-code.ts';

/** Gives a second factor ten new recovery codes; former ones are worth nothing any more. Answers them, which is done this once. */
export async function writeRecoveryCodes(tx: Tx, { id: secondFactorId, organizationId }: { id: string; organizationId: string }): Promise<string[]> {
  const codes = newRecoveryCodes();
  await tx.recoveryCode.deleteMany({ where: { secondFactorId } });
  await tx.recoveryCode.createMany({ data: codes.map((code) => ({ secondFactorId, organizationId, codeHash: hashRecoveryCode(code) })) });
  return codes;
}
