import type { Account, Dialect, Method, Wanted } from './dialect.ts';
import { quote } from './quote.ts';

const PLUGIN = 'mysql_native_password';
/** In `ssl_type`: an account that demands more than TLS. */
const WITH_CERTIFICATE = 2;

interface Priv {
  plugin?: string;
  authentication_string?: string;
  /** All methods of the account; the empty one stands for the two fields above. */
  auth_or?: { plugin?: string; authentication_string?: string }[];
  account_locked?: boolean;
  ssl_type?: number;
  max_connections?: number;
  max_questions?: number;
}

const methodOf = ({ plugin = PLUGIN, authentication_string: value }: Priv): Method => ({ plugin: plugin || PLUGIN, value: value ?? null });

/** The methods an account is to have: the passwords wanted stand where the first of those replaced stood. */
function methodsFor({ methods }: Account, { verifier, alsoValid, replaces }: Wanted): Method[] {
  const isReplaced = ({ plugin, value }: Method) =>
    plugin === PLUGIN && (value === verifier || (value !== null && (alsoValid.includes(value) || replaces(value))));
  const wanted = [verifier, ...alsoValid].map((value) => ({ plugin: PLUGIN, value }));
  const place = methods.findIndex(isReplaced);
  const kept = methods.filter((method) => !isReplaced(method));
  return place < 0 ? [...wanted, ...kept] : kept.toSpliced(methods.slice(0, place).filter((method) => !isReplaced(method)).length, 0, ...wanted);
}

const write = ({ plugin, value }: Method): string => (value === null ? plugin : `${plugin} USING ${quote(value)}`);

/** MariaDB 10.4 and newer: any number of passwords at once (`VIA ... OR ...`), a hash in place of a password everywhere. */
export const mariadb: Dialect = {
  listAccounts: (user) =>
    `SELECT Host AS host, Priv AS priv FROM mysql.global_priv WHERE User = ${quote(user)} AND json_value(Priv, '$.is_role') IS NULL ORDER BY Host`,
  readAccount: (row) => {
    const { host, priv } = row as { host: string; priv: string };
    const account = JSON.parse(priv) as Priv;
    const methods = (account.auth_or ?? [{}]).map((one) => methodOf(one.plugin === undefined ? account : one));
    const { ssl_type: tls = 0, max_connections: logins = 0, max_questions: statements = 0 } = account;
    return {
      host,
      methods,
      isLocked: account.account_locked === true,
      demandsCertificate: tls >= WITH_CERTIFICATE,
      demandsTls: tls > 0,
      perHour: { logins, statements },
    };
  },
  plugins: [PLUGIN],
  passwordless: ['unix_socket', 'gssapi', 'pam', 'named_pipe'],
  // IF EXISTS also for the replicas: one that lacks an account goes on.
  changeAccounts: (accounts, wanted) => [
    `ALTER USER IF EXISTS ${accounts.map((account) => `${quote(wanted.user)}@${quote(account.host)} IDENTIFIED VIA ${methodsFor(account, wanted).map(write).join(' OR ')}`).join(', ')}`,
  ],
  changeOwn: (verifier) => `SET PASSWORD = ${quote(verifier)}`,
  showOwn: ['SHOW CREATE USER'],
  session: {
    // Seconds after which the server gives up a statement that is kept waiting. Set for the session: in the statement itself it would bound the replicas too.
    max_statement_time: '3',
    // With 1, SET PASSWORD takes the account for one of the old plugin, by which nobody logs in.
    old_passwords: '0',
  },
  listStrictRules:
    "SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE = 'PASSWORD VALIDATION' AND PLUGIN_STATUS = 'ACTIVE' AND @@global.strict_password_validation",
};
