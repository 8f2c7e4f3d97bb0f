import type { Tx } from '#lib/kernel/db.ts';

/**
 * Whether a person's password still is the one of this hash; if so it stays that until the transaction ends. Hashes are
 * compared before a transaction, as that takes long: whoever changes the password meanwhile must not be overtaken.
 */
export async function lockPassword(tx: Tx, userId: string, passwordHash: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT FROM users WHERE id = ${userId} AND password_hash = ${passwordHash} FOR NO KEY UPDATE`;
  return rows.length > 0;
}
