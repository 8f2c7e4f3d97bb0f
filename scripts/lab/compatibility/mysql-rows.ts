// MariaDB, its accounts and the proxies before it: each kind that Rekey is tried on, and what it does there.
import mysql2 from 'mysql2/promise';
import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login, Place, TlsMode } from '#lib/engines/engine.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { until } from '#scripts/torture/until.ts';
import type { Does, Row, Subject } from './row.ts';

type Stopped = { stop: () => Promise<unknown> };
/** What rows started, by what it was started with: ended once the last row has been tried. */
const started = new Map<string, Promise<Stopped>>();

function shared<T extends Stopped>(key: string, start: () => Promise<T>): Promise<T> {
  const running = (started.get(key) as Promise<T> | undefined) ?? start();
  started.set(key, running);
  return running;
}

/** Ends every server that rows started: proxies before what they lead to. */
export async function stopMysqlRows(): Promise<void> {
  // One that did not start has failed its row, and keeps no other running.
  for (const one of [...started.values()].toReversed()) await (await one.catch(() => null))?.stop();
  started.clear();
}

const serverWith = (settings: Record<string, string> = {}, name = 'server'): Promise<MariadbTarget> =>
  shared(`${name} ${JSON.stringify(settings)}`, async () => {
    const server = await startMariadbTarget({ certificate: makeCertificate('db.example.com'), settings });
    await server.createLogin('bystander');
    return server;
  });

const quote = (text: string): string => mysql2.escape(text);

let count = 0;
const newName = (prefix = 'app'): string => `${prefix}_${++count}`;

interface Wanted {
  /** What the server is started with. */
  settings?: Record<string, string>;
  name?: string;
  /** How the account is let in, `$native` standing for its password; by that alone where it is left out. */
  via?: string;
  hosts?: string[];
  /** Statements of the administrator before the adoption; `$app` stands for the account. */
  sql?: string[];
  /** `least`: with what the README grants. */
  rotator?: 'least' | 'blind' | 'wrong' | 'exempt';
  database?: string;
  tls?: TlsMode;
  /** What stands before the server, by its port. */
  proxy?: (server: MariadbTarget, login: Login) => Promise<number>;
}

/** Logs in by the stock driver, with TLS where the URL asks for it. */
async function logIn(url: string): Promise<void> {
  const connection = await mysql2.createConnection({ uri: url, ...(url.includes('ssl-mode=REQUIRED') && { ssl: { rejectUnauthorized: false } }) });
  await connection.query('SELECT 1');
  await connection.end();
}

async function createRotator(server: MariadbTarget, kind: Wanted['rotator']): Promise<Login> {
  const rotator = await server.createLogin(newName('rotator'));
  await server.sql("REVOKE ALL ON shop.* FROM ?@'%'", [rotator.user]);
  await server.sql("GRANT CREATE USER ON *.* TO ?@'%'", [rotator.user]);
  if (kind === 'exempt') await server.sql("GRANT CONNECTION ADMIN ON *.* TO ?@'%'", [rotator.user]);
  if (kind !== 'blind') await server.sql("GRANT SELECT ON mysql.global_priv TO ?@'%'", [rotator.user]);
  return kind === 'wrong' ? { ...rotator, password: generatePassword() } : rotator;
}

const login =
  ({ settings, name, via = '$native', hosts = ['%'], sql = [], rotator: kind, database = 'shop', tls = 'prefer', proxy }: Wanted = {}) =>
  async (): Promise<Subject> => {
    const server = await serverWith(settings);
    const app = { user: name ?? newName(), password: generatePassword() };
    const hash = makeNativeHash(app.password);
    const native = `mysql_native_password USING '${hash}'`;
    for (const host of hosts) {
      await server.sql(`CREATE USER ?@? IDENTIFIED VIA ${via.replaceAll('$native', native)}`, [app.user, host]);
      await server.sql('GRANT ALL ON shop.* TO ?@?', [app.user, host]);
    }
    const rotator = kind && (await createRotator(server, kind));
    const filled = (text: string) => text.replaceAll('$app', () => quote(app.user)).replaceAll('$rotator', () => quote(rotator?.user ?? ''));
    for (const text of sql) await server.sql(filled(text));

    const pooledPort = (await proxy?.(server, app)) ?? null;
    const { direct } = server.target;
    const place: Place = { ...direct, database, tls: { ...direct.tls, mode: tls } };
    const held = async (where: string) => {
      const rows = await server.sql(`SELECT User, Host, Priv FROM mysql.global_priv WHERE ${where} ORDER BY User, Host`, [app.user, rotator?.user ?? '']);
      return JSON.stringify(rows.map(({ User, Host, Priv }) => [User, Host, withoutTime(Priv)]));
    };
    return {
      target: { direct: place, pooled: pooledPort === null ? null : { ...place, port: pooledPort } },
      login: app,
      ...(rotator && { rotator }),
      logIn,
      held: () => held('User = ? AND User <> ?'),
      heldOfOthers: () => held('User NOT IN (?, ?)'),
    };
  };

/** When a password was last set says nothing of what it is. */
function withoutTime(priv: unknown): unknown {
  const { password_last_changed: _, auth_or: methods, ...rest } = typeof priv === 'string' ? JSON.parse(priv) : (priv as Record<string, unknown>);
  // One method in a list of its own is that method.
  return Array.isArray(methods) && methods.length > 1 ? { ...rest, methods } : rest;
}

/** A second server with its own copy of the account, as a proxy keeps one. */
async function proxyWithCopy(server: MariadbTarget, app: Login, { copies }: { copies: boolean }): Promise<number> {
  const proxy = await serverWith({}, 'proxy');
  await proxy.sql("CREATE USER ?@'%'", [app.user]);
  await proxy.sql("GRANT ALL ON shop.* TO ?@'%'", [app.user]);
  let copied: unknown;
  const copy = async () => {
    const [row] = await server.sql("SELECT json_value(Priv, '$.authentication_string') AS hash FROM mysql.global_priv WHERE User = ?", [app.user]);
    if (row?.hash !== copied) await proxy.sql(`ALTER USER ?@'%' IDENTIFIED VIA mysql_native_password USING '${row?.hash}'`, [app.user]);
    copied = row?.hash;
  };
  await copy();
  if (copies) {
    let isOver = false;
    const copying = (async () => {
      while (!isOver) await copy();
    })();
    await shared(`copying ${app.user}`, async () => ({
      stop: async () => {
        isOver = true;
        await copying;
      },
    }));
  }
  return proxy.target.direct.port;
}

/** A proxy that passes bytes on, as HAProxy and a load balancer do. */
const passingProxy = async (server: MariadbTarget): Promise<number> =>
  (await shared('passing proxy', () => startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port }))).port;

/** A server that others follow. */
async function followed(wanted: Wanted): Promise<Subject> {
  const settings = { 'server-id': '7' };
  const primary = await serverWith(settings);
  await shared('replica', async () => {
    const replica = await startMariadbTarget({ settings: { 'server-id': '8' } });
    const [at] = await primary.sql('SHOW MASTER STATUS');
    await replica.sql(
      `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${primary.target.direct.port}, MASTER_USER = 'admin', MASTER_PASSWORD = '${primary.admin.password.reveal()}', MASTER_LOG_FILE = '${at?.File}', MASTER_LOG_POS = ${at?.Position}`,
    );
    await replica.sql('START SLAVE');
    while ((await primary.sql("SHOW GLOBAL STATUS LIKE 'Slaves_connected'"))[0]?.Value !== '1');
    return replica;
  });
  return login({ ...wanted, settings })();
}

/** A server whose connections are all taken by others, but the one for its administrator. */
async function crowded(): Promise<Subject> {
  const settings = { 'max-connections': '10', 'server-id': '14' };
  const subject = await login({ settings })();
  const server = await serverWith(settings);
  const bystander = { user: newName('crowd'), password: generatePassword() };
  await server.sql(`CREATE USER ?@'%' IDENTIFIED VIA mysql_native_password USING '${makeNativeHash(bystander.password)}'`, [bystander.user]);
  await server.sql("GRANT ALL ON shop.* TO ?@'%'", [bystander.user]);
  const held: Awaited<ReturnType<typeof server.connect>>[] = [];
  // A connection that has just been closed here still counts there for a moment.
  await until('the bystander to hold all connections', async () => held.push(await server.connect(bystander)) === 10);
  await shared('crowd', async () => ({ stop: () => Promise.all(held.map((one) => one.end())) }));
  return subject;
}

/** A server that a backup keeps from changes. */
async function frozen(): Promise<Subject> {
  const settings = { 'server-id': '16' };
  const subject = await login({ ...least, settings })();
  const server = await serverWith(settings);
  const backup = await server.connect(server.admin);
  await backup.query('FLUSH TABLES WITH READ LOCK');
  await shared('backup', async () => ({ stop: () => backup.end() }));
  return subject;
}

const ONE_PASSWORD = 'Two passwords cannot be valid at once here';
const rotates: Does = { does: 'rotates' };
const warns = (warning: string): Does => ({ does: 'rotates with a warning', warning });
type Refusal = Extract<Does, { does: 'refuses at adoption' }>;
const refuses = (code: Refusal['code']): Refusal => ({ does: 'refuses at adoption', code });
const least = { rotator: 'least' } as const;
const VALIDATED = { 'plugin-load-add': 'simple_password_check', 'strict-password-validation': 'OFF' };
const CRACKLIB = { 'plugin-load-add': 'cracklib_password_check', 'strict-password-validation': 'OFF' };
const REUSE = { 'plugin-load-add': 'password_reuse_check', 'strict-password-validation': 'OFF' };
const NARROW = { 'max-allowed-packet': '1024', 'max-prepared-stmt-count': '0', autocommit: 'OFF' };
const READ_ONLY_TRANSACTIONS = ["SET GLOBAL lc_messages = 'de_DE'", 'SET GLOBAL tx_read_only = ON'];
const ED25519 = 'ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY';
/** Names may hold any sign. */
const NAME = `Ö'Brien "x"\\y %41 $1 a@b:c/d?e#f&g \``;
const dba = `mysql_native_password USING '${makeNativeHash(generatePassword())}'`;

const row = (kind: string, does: Does, setUp: Row['setUp'], advice?: string): Row => ({ engine: 'mysql', kind, ...does, setUp, ...(advice && { advice }) });

/** What Rekey does with MariaDB, its accounts and the proxies before it. */
export const MYSQL_ROWS: readonly Row[] = [
  row(
    'MariaDB 10.11, an account that changes its own password',
    warns(ONE_PASSWORD),
    login(),
    'Add a rotator login to keep the old password valid for a while.',
  ),
  row('MariaDB 10.11, a rotator with the rights from the README', rotates, login(least)),
  row('Accounts of one user on several hosts, with one password', rotates, login({ ...least, hosts: ['%', '127.0.0.1', '10.%'] })),
  row(
    'Accounts of one user on several hosts, one with another password',
    refuses('accounts_differ'),
    login({ ...least, sql: [`CREATE USER $app@'10.1.2.3' IDENTIFIED VIA ${dba}`] }),
    'Give them one password, or drop those that nobody uses.',
  ),
  row(
    'An account on another host without a password (unix_socket)',
    refuses('plugin_unsupported'),
    login({ ...least, sql: ['CREATE USER $app@localhost IDENTIFIED VIA unix_socket'] }),
    'Drop that account, or give it a password.',
  ),
  row('unix_socket OR a password, by a rotator', rotates, login({ ...least, via: 'unix_socket OR $native' })),
  row('A password OR unix_socket, by a rotator', rotates, login({ ...least, via: '$native OR unix_socket' })),
  row('A password OR unix_socket, by the account itself', warns(ONE_PASSWORD), login({ via: '$native OR unix_socket' })),
  row('A second password set by a DBA, by a rotator', rotates, login({ ...least, via: `$native OR ${dba}` })),
  row('A first password set by a DBA, by a rotator', rotates, login({ ...least, via: `${dba} OR $native` })),
  row(
    'A first password set by a DBA, by the account itself',
    refuses('own_change_unsafe'),
    login({ via: `${dba} OR $native` }),
    'Add a rotator login: SET PASSWORD would replace the DBA’s password.',
  ),
  row(
    'An account of the ed25519 plugin',
    refuses('auth_method_unsupported'),
    login({ via: `ed25519 USING '${ED25519}'`, settings: { 'plugin-load-add': 'auth_ed25519' } }),
    'Let the account log in by mysql_native_password.',
  ),
  row(
    'An account without a password (unix_socket alone)',
    refuses('no_password'),
    login({ via: 'unix_socket' }),
    'Give it a password, or use another account.',
  ),
  row(
    'An account row that the server has not loaded (a host name under skip_name_resolve)',
    refuses('account_not_loaded'),
    login({
      ...least,
      sql: ["INSERT INTO mysql.global_priv SELECT 'web1.example.com', User, Priv FROM mysql.global_priv WHERE User = $app", 'FLUSH PRIVILEGES'],
    }),
    'Drop the row, or let the server resolve names.',
  ),
  row('A locked account', refuses('account_locked'), login({ ...least, sql: ["ALTER USER $app@'%' ACCOUNT LOCK"] }), 'Unlock it.'),
  row('An expired password, by a rotator', rotates, login({ ...least, sql: ["ALTER USER $app@'%' PASSWORD EXPIRE"] })),
  row('An expired password, without a rotator', refuses('password_expired'), login({ sql: ["ALTER USER $app@'%' PASSWORD EXPIRE"] }), 'Add a rotator login.'),
  row('REQUIRE SSL, over TLS', rotates, login({ ...least, tls: 'require', sql: ["ALTER USER $app@'%' REQUIRE SSL"] })),
  row('REQUIRE X509', refuses('certificate_needed'), login({ ...least, sql: ["ALTER USER $app@'%' REQUIRE X509"] }), 'Let the account require SSL alone.'),
  row('A user name with a quote', rotates, login({ ...least, name: "o'brien" })),
  row('A limit of one connection for the account', rotates, login({ ...least, sql: ["ALTER USER $app@'%' WITH MAX_USER_CONNECTIONS 1"] })),
  row('A database that does not exist', refuses('database_missing'), login({ ...least, database: 'nowhere' }), 'Create it, or give another URL.'),
  row('A rotator that may not read the accounts', refuses('not_permitted'), login({ rotator: 'blind' }), 'GRANT SELECT ON mysql.global_priv to it.'),
  row('A rotator with a wrong password', refuses('rotator_refused'), login({ rotator: 'wrong' }), 'Give its current URL under Settings.'),
  row('A read-only server', refuses('read_only'), login({ ...least, settings: { 'read-only': '1' } }), 'Give the address of the primary.'),
  row(
    'Password validation in strict mode (simple_password_check)',
    refuses('verifier_refused'),
    login({ ...least, settings: { ...VALIDATED, 'server-id': '11' }, sql: ['SET GLOBAL strict_password_validation = ON'] }),
    'Switch strict_password_validation off: Rekey sends hashes only.',
  ),
  row('Password validation without strict mode', rotates, login({ ...least, settings: VALIDATED })),
  row(
    'max_password_errors = 1',
    warns('This server blocks an account after 1 failed login in a row'),
    login({ ...least, settings: { 'max-password-errors': '1' } }),
  ),
  row(
    'max_password_errors = 20',
    warns('This server blocks an account after 20 failed logins in a row'),
    login({ ...least, settings: { 'max-password-errors': '20' } }),
  ),
  row('A broken init_connect', refuses('session_refused'), login({ settings: { 'init-connect': 'SELECT nothing' } }), 'Fix init_connect.'),
  row(
    'lower_case_table_names, ANSI_QUOTES and NO_BACKSLASH_ESCAPES',
    rotates,
    login({ ...least, settings: { 'lower-case-table-names': '1', 'sql-mode': 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES' } }),
  ),
  row('A primary with replicas, by a rotator', rotates, () => followed(least)),
  row('A primary with replicas, by the account itself', refuses('replicas_need_rotator'), () => followed({}), 'Add a rotator login.'),
  row('A proxy that passes logins on (HAProxy)', rotates, login({ ...least, proxy: passingProxy })),
  row(
    'A proxy that copies passwords from the server (ProxySQL with syncusers, MaxScale; simulated by a second server)',
    rotates,
    login({ ...least, proxy: (server, app) => proxyWithCopy(server, app, { copies: true }) }),
  ),
  row(
    'A proxy with passwords of its own (ProxySQL; simulated by a second server)',
    { does: 'puts the old password back', code: 'pooler_refused_new' },
    login({ ...least, proxy: (server, app) => proxyWithCopy(server, app, { copies: false }) }),
    'Let it copy the hash from the server, or rotate with grace_hours without the pooled URL and update mysql_users meanwhile.',
  ),
  row('Accounts of one user on several hosts, by the account itself', warns(ONE_PASSWORD), login({ hosts: ['%', '127.0.0.1', '10.%'] })),
  row(
    'Rights by a default role, a rotator too',
    rotates,
    login({
      ...least,
      sql: [
        'CREATE OR REPLACE ROLE of_app',
        'GRANT ALL ON shop.* TO of_app',
        "REVOKE ALL ON shop.* FROM $app@'%'",
        "GRANT of_app TO $app@'%'",
        "SET DEFAULT ROLE of_app FOR $app@'%'",
        'CREATE OR REPLACE ROLE of_rotator',
        'GRANT CREATE USER ON *.* TO of_rotator',
        'GRANT SELECT ON mysql.global_priv TO of_rotator',
        "REVOKE ALL PRIVILEGES, GRANT OPTION FROM $rotator@'%'",
        "GRANT of_rotator TO $rotator@'%'",
        "SET DEFAULT ROLE of_rotator FOR $rotator@'%'",
      ],
    }),
  ),
  row('A role with the name of the user', rotates, login({ ...least, name: 'app_and_role', sql: ['CREATE ROLE app_and_role'] })),
  row('MAX_UPDATES_PER_HOUR 1', rotates, login({ ...least, sql: ["ALTER USER $app@'%' WITH MAX_UPDATES_PER_HOUR 1"] })),
  row('A limit of one connection, by the account itself', warns(ONE_PASSWORD), login({ sql: ["ALTER USER $app@'%' WITH MAX_USER_CONNECTIONS 1"] })),
  row('An account for localhost, where the server resolves names', rotates, login({ ...least, hosts: ['localhost'], settings: { 'skip-name-resolve': '0' } })),
  row('A password that was not used before (password_reuse_check), without strict mode', rotates, login({ ...least, settings: { ...REUSE } })),
  row(
    'A password that was not used before (password_reuse_check), in strict mode',
    refuses('verifier_refused'),
    login({ ...least, settings: { ...REUSE, 'server-id': '12' }, sql: ['SET GLOBAL strict_password_validation = ON'] }),
    'Switch strict_password_validation off: Rekey sends hashes only.',
  ),
  row('PASSWORD EXPIRE INTERVAL 30 DAY', rotates, login({ ...least, sql: ["ALTER USER $app@'%' PASSWORD EXPIRE INTERVAL 30 DAY"] })),
  row(
    'An expired password, disconnect_on_expired_password = OFF, without a rotator',
    refuses('password_expired'),
    login({ settings: { 'disconnect-on-expired-password': 'OFF' }, sql: ["ALTER USER $app@'%' PASSWORD EXPIRE"] }),
    'Add a rotator login.',
  ),
  row(
    'An expired password, disconnect_on_expired_password = OFF, by a rotator',
    rotates,
    login({ ...least, settings: { 'disconnect-on-expired-password': 'OFF' }, sql: ["ALTER USER $app@'%' PASSWORD EXPIRE"] }),
  ),
  row(
    'REQUIRE SUBJECT and ISSUER, with quotes',
    refuses('certificate_needed'),
    login({ ...least, tls: 'require', sql: ["ALTER USER $app@'%' REQUIRE SUBJECT '/CN=o''brien' AND ISSUER '/CN=\"ca\"'"] }),
    'Let the account require SSL alone.',
  ),
  row(
    'REQUIRE CIPHER that the server and Rekey speak',
    rotates,
    login({ ...least, tls: 'require', sql: ["ALTER USER $app@'%' REQUIRE CIPHER 'TLS_AES_256_GCM_SHA384'"] }),
  ),
  row(
    'REQUIRE CIPHER that nobody speaks',
    refuses('certificate_needed'),
    login({ ...least, tls: 'require', sql: ["ALTER USER $app@'%' REQUIRE CIPHER 'NULL-MD5'"] }),
    'Let the account require SSL alone.',
  ),
  row(
    'require_secure_transport, URL without TLS',
    refuses('current_password_refused'),
    login({ tls: 'disable', settings: { 'require-secure-transport': 'ON' } }),
    'Give a URL with TLS.',
  ),
  row('require_secure_transport, over TLS', rotates, login({ ...least, tls: 'require', settings: { 'require-secure-transport': 'ON' } })),
  row(
    'Names with backslashes, quotes, umlauts and signs of URLs',
    rotates,
    login({ ...least, name: NAME, database: 'Shop-ü %41', sql: ['CREATE DATABASE IF NOT EXISTS `Shop-ü %41`', "GRANT ALL ON `Shop-ü \\%41`.* TO $app@'%'"] }),
  ),
  row('A name with quotes and signs, by the account itself', warns(ONE_PASSWORD), login({ name: `${NAME}2` })),
  row('A name with @ and %', rotates, login({ ...least, name: 'app@10.%' })),
  row(
    'character_set_server utf16, init_connect of another one',
    rotates,
    login({ ...least, settings: { 'character-set-server': 'utf16', 'init-connect': 'SET NAMES cp1251' } }),
  ),
  row(
    'init_connect that fails, a rotator that is exempt',
    refuses('session_refused'),
    login({ rotator: 'exempt', settings: { 'init-connect': 'SELECT nothing' } }),
    'Fix init_connect.',
  ),
  row('All connections taken (max_connections)', refuses('server_full'), crowded, 'Raise max_connections, or end sessions.'),
  row(
    'A proxy that is not running',
    { ...refuses('server_unreachable'), endpoint: 'pooled' },
    login({ ...least, proxy: async () => 1 }),
    'Start it, or remove the pooled URL.',
  ),
  row(
    'A read-only server, a rotator that may write (READ_ONLY ADMIN)',
    refuses('read_only'),
    login({ ...least, settings: { 'read-only': '1' }, sql: ["GRANT READ_ONLY ADMIN ON *.* TO $rotator@'%'"] }),
    'Give the address of the primary.',
  ),
  row('old_passwords and secure_auth off', rotates, login({ ...least, settings: { 'old-passwords': '1', 'secure-auth': 'OFF' } })),
  row(
    'An ed25519 password before the native one, by a rotator',
    refuses('auth_method_unsupported'),
    login({ ...least, via: `ed25519 USING '${ED25519}' OR $native`, settings: { 'plugin-load-add': 'auth_ed25519' } }),
    'Let the account log in by mysql_native_password alone.',
  ),
  row(
    'MAX_CONNECTIONS_PER_HOUR 500',
    warns('This account may make 500 logins an hour'),
    login({ ...least, sql: ["ALTER USER $app@'%' WITH MAX_CONNECTIONS_PER_HOUR 500"] }),
  ),
  row(
    'MAX_CONNECTIONS_PER_HOUR 30, by the account itself',
    warns('This account may make 30 logins an hour'),
    login({ sql: ["ALTER USER $app@'%' WITH MAX_CONNECTIONS_PER_HOUR 30"] }),
  ),
  row(
    'MAX_QUERIES_PER_HOUR 300, by the account itself',
    warns('This account may make 300 statements an hour'),
    login({ sql: ["ALTER USER $app@'%' WITH MAX_QUERIES_PER_HOUR 300"] }),
  ),
  row(
    'MAX_CONNECTIONS_PER_HOUR 6',
    refuses('hourly_limit_low'),
    login({ ...least, sql: ["ALTER USER $app@'%' WITH MAX_CONNECTIONS_PER_HOUR 6"] }),
    'Raise it to 30 or more.',
  ),
  row(
    'MAX_QUERIES_PER_HOUR 60',
    refuses('hourly_limit_low'),
    login({ ...least, sql: ["ALTER USER $app@'%' WITH MAX_QUERIES_PER_HOUR 60"] }),
    'Raise it to 300 or more.',
  ),
  row(
    'An ed25519 password behind the native one',
    refuses('auth_method_unsupported'),
    login({ ...least, via: `$native OR ed25519 USING '${ED25519}'`, settings: { 'plugin-load-add': 'auth_ed25519' } }),
    'Let the account log in by mysql_native_password alone.',
  ),
  row(
    'An umlaut in the name, skip-character-set-client-handshake',
    refuses('wrong_identity'),
    login({ ...least, name: 'jörg', settings: { 'skip-character-set-client-handshake': '1', 'character-set-server': 'latin1' } }),
    'Drop that option, or use a name in ASCII.',
  ),
  row(
    'REQUIRE SSL, URL without TLS, with a rotator',
    refuses('tls_needed'),
    login({ ...least, tls: 'disable', sql: ["ALTER USER $app@'%' REQUIRE SSL"] }),
    'Give a URL with TLS.',
  ),
  row(
    'REQUIRE SSL, URL without TLS',
    refuses('current_password_refused'),
    login({ tls: 'disable', sql: ["ALTER USER $app@'%' REQUIRE SSL"] }),
    'Give a URL with TLS.',
  ),
  row('A name of 80 signs', rotates, login({ ...least, name: 'ü'.repeat(80) })),
  row(
    'sql_mode ANSI_QUOTES and NO_BACKSLASH_ESCAPES, a name with quotes and backslashes, by the account itself',
    warns(ONE_PASSWORD),
    login({ name: `b"a'c\\k`, settings: { 'sql-mode': 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT' } }),
  ),
  row('cracklib_password_check, without strict mode', rotates, login({ ...least, settings: CRACKLIB })),
  row(
    'cracklib_password_check, in strict mode',
    refuses('verifier_refused'),
    login({ ...least, settings: { ...CRACKLIB, 'server-id': '15' }, sql: ['SET GLOBAL strict_password_validation = ON'] }),
    'Switch strict_password_validation off: Rekey sends hashes only.',
  ),
  row(
    'cracklib_password_check, in strict mode, by the account itself',
    refuses('verifier_refused'),
    login({ settings: { ...CRACKLIB, 'server-id': '19' }, sql: ['SET GLOBAL strict_password_validation = ON'] }),
    'Switch strict_password_validation off: Rekey sends hashes only.',
  ),
  row('sql_mode ORACLE', rotates, login({ ...least, settings: { 'sql-mode': 'ORACLE' } })),
  row('sql_mode ORACLE, by the account itself', warns(ONE_PASSWORD), login({ settings: { 'sql-mode': 'ORACLE' } })),
  row(
    'Messages in German, read-only transactions, small packets',
    rotates,
    login({ ...least, settings: { 'server-id': '17', ...NARROW }, sql: READ_ONLY_TRANSACTIONS }),
  ),
  row(
    'Messages in German, read-only transactions, small packets, by the account itself',
    warns(ONE_PASSWORD),
    login({ settings: { 'server-id': '18', ...NARROW }, sql: READ_ONLY_TRANSACTIONS }),
  ),
  row(
    'Sessions that end after a second without a statement',
    rotates,
    login({ ...least, settings: { 'wait-timeout': '1', 'interactive-timeout': '1', 'max-statement-time': '0.5' } }),
  ),
  row('A name that ends with a space', rotates, login({ ...least, name: 'app_with_space ' })),
  row('A backup that holds the read lock (FLUSH TABLES WITH READ LOCK)', refuses('lock_busy'), frozen, 'Wait until the backup is done.'),
];
