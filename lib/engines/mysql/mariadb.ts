import { quote } from './connect.ts';
import type { Dialect } from './dialect.ts';

const PLUGIN = 'mysql_native_password';
/** Seconds after which the server gives up a statement that is kept waiting; `lock_wait_timeout` does not count here. */
const FENCE = 'SET STATEMENT max_statement_time = 3 FOR';

interface Row {
  host: string;
  plugin: string | null;
  verifier: string | null;
  others: string | null;
}

const hashesIn = (json: string | null): string[] =>
  json ? (JSON.parse(json) as { authentication_string?: string }[]).flatMap((one) => one.authentication_string ?? []) : [];

/** MariaDB 10.4 and newer: any number of passwords at once (`VIA ... OR ...`), a hash in place of a password everywhere. */
export const mariadb: Dialect = {
  listAccounts: (user) =>
    `SELECT Host AS host, json_value(Priv, '$.plugin') AS plugin, json_value(Priv, '$.authentication_string') AS verifier, json_query(Priv, '$.auth_or') AS others ` +
    `FROM mysql.global_priv WHERE User = ${quote(user)} AND json_value(Priv, '$.is_role') IS NULL ORDER BY Host`,
  readAccount: (row) => {
    const { host, plugin, verifier, others } = row as unknown as Row;
    return { host, plugin, verifier, others: hashesIn(others) };
  },
  plugins: [PLUGIN],
  changeAccounts: (accounts, { user, verifier, alsoValid }) => {
    const methods = [verifier, ...alsoValid].map((hash) => `${PLUGIN} USING ${quote(hash)}`).join(' OR ');
    return [`${FENCE} ALTER USER ${accounts.map(({ host }) => `${quote(user)}@${quote(host)} IDENTIFIED VIA ${methods}`).join(', ')}`];
  },
  changeOwn: (verifier) => `${FENCE} SET PASSWORD = ${quote(verifier)}`,
  showOwn: ['SHOW CREATE USER'],
  fences: [],
};
