import type { Secret } from '#lib/crypto/secret.ts';
import { db } from '#lib/kernel/db.ts';
import { openTotpSecret } from './seal-totp-secret.ts';

/** A second factor with its secret open: before a transaction, since the key may lie in a service. */
export interface OpenFactor {
  id: string;
  secret: Secret;
}

/** A member's second factor, or null where it is off. */
export async function loadSecondFactor(userId: string): Promise<OpenFactor | null> {
  const row = await db.secondFactor.findFirst({ where: { userId, confirmedAt: { not: null } } });
  return row && { id: row.id, secret: await openTotpSecret(row, row.secretSealed) };
}
