import { isNativeHash } from '#lib/crypto/mysql-hash.ts';
import type { Connection } from './connect.ts';
import { dialectOf } from './dialect.ts';

/** A login's own account, as SHOW CREATE USER tells it to the account itself. */
export interface OwnAccount {
  /** The hashes of its passwords; more than one where two are valid at once, none of a kind that cannot be set. */
  verifiers: string[];
  /** The cost of a new hash: the rounds of caching_sha2_password, 0 for mysql_native_password. */
  iterations: number;
}

export async function readOwn(connection: Connection): Promise<OwnAccount> {
  const answers = await connection.run(...dialectOf(connection).showOwn);
  const [row] = (answers.at(-1) ?? []) as Record<string, string>[];
  return parseOwn(Object.values(row ?? {})[0] ?? '');
}

/** MariaDB: `IDENTIFIED BY PASSWORD '*..'`, or `IDENTIFIED VIA mysql_native_password USING '*..' OR ...`. MySQL: `IDENTIFIED WITH 'plugin' AS 0x..`. */
export function parseOwn(text: string): OwnAccount {
  const [, hex] = /IDENTIFIED WITH 'caching_sha2_password' AS 0x([0-9A-F]+)/i.exec(text) ?? [];
  if (hex) {
    const verifier = Buffer.from(hex, 'hex').toString();
    return { verifiers: [verifier], iterations: Number.parseInt(verifier.split('$')[2] ?? '', 16) * 1000 };
  }
  const [, native] = /IDENTIFIED WITH 'mysql_native_password' AS 0x([0-9A-F]+)/i.exec(text) ?? [];
  if (native) return { verifiers: [Buffer.from(native, 'hex').toString()], iterations: 0 };
  const quoted = [...text.matchAll(/'([^']*)'/g)].map(([, value]) => value ?? '');
  return { verifiers: quoted.filter(isNativeHash), iterations: 0 };
}
