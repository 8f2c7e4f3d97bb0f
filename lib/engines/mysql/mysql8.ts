// Written from the manual of MySQL 8 and tested as text. NOT PROVEN on a live server: `npm test` does so where MYSQL8_URL names one.
import { isCachingSha2Hash } from '#lib/crypto/mysql-hash.ts';
import { engineError } from '#lib/engines/failure.ts';
import type { Account, Dialect, Wanted } from './dialect.ts';
import { quote } from './quote.ts';

interface Row {
  host: string;
  plugin: string | null;
  verifier: string | null;
  other: string | null;
  locked: string;
  tls: unknown;
  logins?: number;
  statements?: number;
}

/** As a hexadecimal literal: the salt may hold any byte but 0. */
const literal = (hash: string): string => `0x${Buffer.from(hash).toString('hex').toUpperCase()}`;

/**
 * What one account needs. MySQL holds two passwords. RETAIN makes the present first one the second, whatever stood there:
 * sent twice it loses the old one, so what is set already is never set again.
 */
function change({ host, methods }: Account, { user, verifier, alsoValid, replaces }: Wanted): string[] {
  const [first, second] = methods.map(({ value }) => value);
  const [kept, ...more] = alsoValid;
  if (more.length > 0) throw engineError('overlap_unsupported');
  const name = `${quote(user)}@${quote(host)}`;
  const plugin = isCachingSha2Hash(verifier) ? 'caching_sha2_password' : 'mysql_native_password';
  // IF EXISTS for the replicas: one that lacks an account goes on.
  const alter = `ALTER USER IF EXISTS ${name}`;
  const set = `${alter} IDENTIFIED WITH ${plugin} AS ${literal(verifier)}`;
  const isStranger = (hash: string | null | undefined): boolean => typeof hash === 'string' && hash !== verifier && hash !== kept && !replaces(hash);
  // Of two passwords the first one would be overwritten, whoever set it.
  if (isStranger(first)) throw engineError('accounts_differ');
  if (!kept) return [...(first === verifier ? [] : [set]), ...(isStranger(second) ? [] : [`${alter} DISCARD OLD PASSWORD`])];
  if (isStranger(second)) throw engineError('overlap_unsupported');
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
    `SELECT Host AS host, plugin, authentication_string AS verifier, JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.additional_password')) AS other, account_locked AS locked, ssl_type AS tls, max_connections AS logins, max_questions AS statements ` +
    `FROM mysql.user WHERE User = ${quote(user)} ORDER BY Host`,
  readAccount: (row) => {
    const { host, plugin, verifier, other, locked, tls, logins = 0, statements = 0 } = row as unknown as Row;
    const of = plugin ?? '';
    return {
      host,
      methods: [{ plugin: of, value: verifier }, ...(other ? [{ plugin: of, value: other }] : [])],
      isLocked: locked === 'Y',
      demandsCertificate: !['', 'ANY'].includes(String(tls ?? '')),
      demandsTls: String(tls ?? '') !== '',
      perHour: { logins, statements },
    };
  },
  plugins: ['caching_sha2_password', 'mysql_native_password'],
  passwordless: ['auth_socket'],
  changeAccounts: (accounts, wanted) => accounts.flatMap((account) => change(account, wanted)),
  changeOwn: null,
  showOwn: ['SET SESSION print_identified_with_as_hex = ON', 'SHOW CREATE USER CURRENT_USER()'],
  session: { lock_wait_timeout: '3', max_execution_time: '0' },
  // A component checks plaintext passwords only: a hash passes.
  listStrictRules: null,
};
