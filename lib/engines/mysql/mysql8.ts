// Written from the manual of MySQL 8 and tested as text. NOT PROVEN on a live server: `npm test` does so where MYSQL8_URL names one.
import { isCachingSha2Hash } from '#lib/crypto/mysql-hash.ts';
import { engineError } from '#lib/engines/failure.ts';
import { quote } from './connect.ts';
import type { Account, Dialect, Wanted } from './dialect.ts';

interface Row {
  host: string;
  plugin: string | null;
  verifier: string | null;
  other: string | null;
}

/** As a hexadecimal literal: the salt may hold any byte but 0. */
const literal = (hash: string): string => `0x${Buffer.from(hash).toString('hex').toUpperCase()}`;

/**
 * What one account needs. MySQL holds two passwords. RETAIN makes the present first one the second, whatever stood there:
 * sent twice it loses the old one, so what is set already is never set again.
 */
function change({ host, verifier: first, others: [second] }: Account, { user, verifier, alsoValid }: Wanted): string[] {
  const [kept, ...more] = alsoValid;
  if (more.length > 0) throw engineError('overlap_unsupported');
  const name = `${quote(user)}@${quote(host)}`;
  const plugin = isCachingSha2Hash(verifier) ? 'caching_sha2_password' : 'mysql_native_password';
  const set = `ALTER USER ${name} IDENTIFIED WITH ${plugin} AS ${literal(verifier)}`;
  if (!kept) return [...(first === verifier ? [] : [set]), `ALTER USER ${name} DISCARD OLD PASSWORD`];
  if (first === verifier && second === kept) return [];
  // Without RETAIN the second one stays what it is.
  if (second === kept) return [set];
  // The manual names RETAIN after AS nowhere, yet the server writes it so into its own binary log.
  if (first === kept) return [`${set} RETAIN CURRENT PASSWORD`];
  throw engineError('overlap_unsupported');
}

/** MySQL 8.0.14 and newer: two passwords at once (RETAIN, DISCARD); a user sets its own password only in clear text, so a rotator does it. */
export const mysql8: Dialect = {
  listAccounts: (user) =>
    `SELECT Host AS host, plugin, authentication_string AS verifier, JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.additional_password')) AS other ` +
    `FROM mysql.user WHERE User = ${quote(user)} ORDER BY Host`,
  readAccount: (row) => {
    const { host, plugin, verifier, other } = row as unknown as Row;
    return { host, plugin, verifier, others: other ? [other] : [] };
  },
  plugins: ['caching_sha2_password', 'mysql_native_password'],
  changeAccounts: (accounts, wanted) => accounts.flatMap((account) => change(account, wanted)),
  changeOwn: null,
  showOwn: ['SET SESSION print_identified_with_as_hex = ON', 'SHOW CREATE USER CURRENT_USER()'],
  fences: ['SET SESSION lock_wait_timeout = 3'],
};
