import { storeTime } from '#lib/kernel/clock.ts';
import type { Tx } from '#lib/kernel/db.ts';
import type { OpenFactor } from './load-second-factor.ts';
import { hashRecoveryCode } from './recovery-code.ts';
import { stepOf } from './totp.ts';

/** What a code was. */
export type TakenCode = 'totp' | 'recovery_code';

/**
 * Uses a code up, in the transaction of what it opens; null where it is wrong or was used before. Of two who send the
 * same code at once one is let in. The clock is the store's.
 */
export async function takeCode(tx: Tx, { id, secret }: OpenFactor, code: string): Promise<TakenCode | null> {
  const digits = code.replace(/\s/g, '');
  if (/^\d{6}$/.test(digits)) return (await takeStep(tx, id, stepOf(secret, digits, await storeNow(tx)))) ? 'totp' : null;
  const { count } = await tx.recoveryCode.updateMany({
    where: { secondFactorId: id, codeHash: hashRecoveryCode(code), usedAt: null },
    data: { usedAt: storeTime() },
  });
  return count === 1 ? 'recovery_code' : null;
}

/** Uses up a step and all before it. False where it was, or there is none. */
export async function takeStep(tx: Tx, id: string, step: number | null): Promise<boolean> {
  if (step === null) return false;
  const isNewer = { OR: [{ lastStep: null }, { lastStep: { lt: step } }] };
  const { count } = await tx.secondFactor.updateMany({ where: { id, ...isNewer }, data: { lastStep: step } });
  return count === 1;
}

/** The time by the store's clock. */
export async function storeNow(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ now: Date }]>`SELECT statement_timestamp() AS "now"`;
  return row.now;
}
