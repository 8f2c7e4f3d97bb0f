import { createHash, randomInt } from 'node:crypto';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { signedInMember } from '#lib/auth/read-session.ts';
import type { SecondFactorBegunWire, SecondFactorWire } from '#lib/contract/self.ts';
import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context, Origin } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError, invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { newTotpSecret, stepOf, totpUri } from './totp.ts';

interface FactorKey {
  id: string;
  organizationId: string;
}

/** The row that the secret of a second factor is sealed for. */
export const totpContext = ({ id, organizationId }: FactorKey): SealContext => ({
  organizationId,
  table: 'second_factors',
  row: id,
  field: 'secret_sealed',
  version: 1,
});

/** Seals the secret of a second factor for exactly this row. */
const sealTotpSecret = (factor: FactorKey, secret: Secret): Promise<string> => seal(secret.reveal(), totpContext(factor));

/** Decrypts the secret of a second factor. */
const openTotpSecret = async (factor: FactorKey, sealed: string): Promise<Secret> => new Secret(await open(sealed, totpContext(factor)));

/** A second factor with its secret decrypted. Load it before a transaction, since the key may be in an external service. */
interface OpenFactor {
  id: string;
  secret: Secret;
}

/** Returns a member's second factor, or null if it is off. */
export async function loadSecondFactor(userId: string): Promise<OpenFactor | null> {
  const row = await db.secondFactor.findFirst({ where: { userId, confirmedAt: { not: null } } });
  return row && { id: row.id, secret: await openTotpSecret(row, row.secretSealed) };
}

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 6;
const HOW_MANY = 10;

const group = (): string => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** Ten codes such as `k3m9qz-…`: 24 characters of 32, 120 random bits each, with nothing that is easily misread. */
const newRecoveryCodes = (): string[] => Array.from({ length: HOW_MANY }, () => Array.from({ length: GROUPS }, group).join('-'));

/** As it is stored. 120 random bits need no slow hash. Spaces, hyphens and case do not count. */
const hashRecoveryCode = (code: string): string => createHash('sha256').update(code.replace(/[\s-]/g, '').toLowerCase()).digest('base64url');

/** Gives a second factor ten new recovery codes; former ones are worth nothing any more. Answers them, which is done this once. */
async function writeRecoveryCodes(tx: Tx, { id: secondFactorId, organizationId }: { id: string; organizationId: string }): Promise<string[]> {
  const codes = newRecoveryCodes();
  await tx.recoveryCode.deleteMany({ where: { secondFactorId } });
  await tx.recoveryCode.createMany({ data: codes.map((code) => ({ secondFactorId, organizationId, codeHash: hashRecoveryCode(code) })) });
  return codes;
}

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
async function takeStep(tx: Tx, id: string, step: number | null): Promise<boolean> {
  if (step === null) return false;
  const isNewer = { OR: [{ lastStep: null }, { lastStep: { lt: step } }] };
  const { count } = await tx.secondFactor.updateMany({ where: { id, ...isNewer }, data: { lastStep: step } });
  return count === 1;
}

/** The time by the store's clock. */
async function storeNow(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ now: Date }]>`SELECT statement_timestamp() AS "now"`;
  return row.now;
}

/** Records a wrong code sent with the right password, so that the member is notified. */
export async function noteWrongCode(tx: Tx, secondFactorId: string, { address }: Origin): Promise<void> {
  await tx.$executeRaw`
    UPDATE second_factors SET wrong_codes = wrong_codes + 1, wrong_code_at = now(), wrong_code_address = ${address ?? null} WHERE id = ${secondFactorId}`;
}

/** Clears the notice of wrong codes after the member has seen it or changed the password. */
export async function forgetWrongCodesIn(tx: Tx, userId: string): Promise<void> {
  await tx.secondFactor.updateMany({ where: { userId }, data: { wrongCodes: 0, wrongCodeAt: null, wrongCodeAddress: null } });
}

/** The same for the signed-in member. The audit log keeps each refusal. */
export const forgetWrongCodes = (context: Context): Promise<void> => db.$transaction((tx) => forgetWrongCodesIn(tx, signedInMember(context).id));

/** Returns whether the member's second factor is on, how many recovery codes are left, and how many wrong codes to report. */
export async function describeSecondFactor(context: Context): Promise<SecondFactorWire> {
  const factor = await db.secondFactor.findFirst({
    where: { userId: signedInMember(context).id, confirmedAt: { not: null } },
    include: { _count: { select: { recoveryCodes: { where: { usedAt: null } } } } },
  });
  return {
    is_on: factor !== null,
    since: factor?.confirmedAt?.toISOString() ?? null,
    recovery_codes_left: factor?._count.recoveryCodes ?? 0,
    wrong_codes: factor?.wrongCodeAt ? { count: factor.wrongCodes, last_at: factor.wrongCodeAt.toISOString(), last_address: factor.wrongCodeAddress } : null,
  };
}

/** Creates a secret for the member's app. Codes are required only after the first one is confirmed. Throws conflict if the second factor is already on. */
export async function beginSecondFactor(context: Context): Promise<SecondFactorBegunWire> {
  const { id: userId, name } = signedInMember(context);
  const secret = newTotpSecret();
  const key = { id: newId('sfa'), organizationId: context.organizationId };
  const secretSealed = await sealTotpSecret(key, secret);
  await db.$transaction(async (tx) => {
    // An unfinished setup is replaced. The lock on the user's row prevents two from starting at once.
    await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${userId} FOR UPDATE`;
    await tx.secondFactor.deleteMany({ where: { userId, confirmedAt: null } });
    if (await tx.secondFactor.findUnique({ where: { userId }, select: { id: true } }))
      throw new DomainError('conflict', 'The second factor is on already. Nothing was changed. To take another app, turn it off first.');
    await tx.secondFactor.create({ data: { ...key, userId, secretSealed } });
  });
  return { secret: secret.reveal(), otpauth_uri: totpUri(secret, name) };
}

const begin = () => new DomainError('conflict', 'No second factor is being set up. Nothing was changed. Begin with POST /api/v1/me/second-factor.');

/**
 * Turns the second factor on after a code proves that the app has the secret. Returns the recovery codes, which are shown only once.
 * @throws {DomainError} conflict if no setup was started, validation_failed if the code is wrong
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

/** Turns the second factor off and deletes its secret and recovery codes. The password alone then signs in. */
export async function disableSecondFactor(context: Context): Promise<void> {
  const { id: userId } = signedInMember(context);
  await db.$transaction(async (tx) => {
    const { count } = await tx.secondFactor.deleteMany({ where: { userId, confirmedAt: { not: null } } });
    if (count > 0) await recordAudit(tx, context, { action: 'second_factor.disabled' });
  });
}

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
