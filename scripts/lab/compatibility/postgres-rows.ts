// PostgreSQL and its poolers: each kind of server and login that Rekey is tried on, and what it does there.
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, escapeIdentifier } from 'pg';
import { Secret } from '#lib/crypto/secret.ts';
import type { Login, Tls } from '#lib/engines/engine.ts';
import { md5Verifier } from '#lib/engines/postgres/verifier.ts';
import { serverEnv } from '#scripts/servers/child-env.ts';
import { type PgbouncerOptions, prepareAuthQuery, startPgbouncer } from '#scripts/servers/pgbouncer.ts';
import { startPgpool } from '#scripts/servers/pgpool.ts';
import { findProgram, placeAt } from '#scripts/servers/place.ts';
import { startTcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TargetOptions, type TestTarget } from '#scripts/servers/test-target.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { until } from '#scripts/torture/until.ts';
import type { Does, Row, Subject } from './row.ts';

const HBA = [
  'host trusting trust',
  'host cleartext password',
  'host kept_out reject',
  'host by_ident ident',
  'hostnossl only_tls reject',
  'hostssl only_plain reject',
  ...['by_md5', 'plain_md5', 'chosen_md5'].map((user) => `host ${user} md5`),
  'host all scram-sha-256',
].map((line) => {
  const [type, user, method] = line.split(' ');
  return `${type} all ${user} 127.0.0.1/32 ${method}`;
});
/** Names may hold any sign, and 63 bytes. */
const NAME = `Ö'Brien "x"\\y %41 $1 a@b:c/d?e#f&g`;

/** What rows started, by what it was started with: ended once the last row has been tried. */
const started = new Map<string, Promise<{ stop: () => Promise<void> }>>();

async function shared<T extends { stop: () => Promise<void> }>(key: string, start: () => Promise<T>): Promise<T> {
  const running = (started.get(key) as Promise<T> | undefined) ?? start();
  started.set(key, running);
  return running;
}

/** Ends every server that rows started: poolers before what they lead to. */
export async function stopPostgresRows(): Promise<void> {
  // One that did not start has failed its row, and keeps no other running.
  for (const one of [...started.values()].toReversed()) await (await one.catch(() => null))?.stop();
  started.clear();
}

const serverWith = (options: TargetOptions = {}): Promise<TestTarget> =>
  shared(JSON.stringify(options), async () => {
    const server = await startTarget({ hba: HBA, certificate: makeCertificate('db.example.com'), ...options });
    await server.createLogin('bystander');
    return server;
  });

let count = 0;
const MD5 = "SET password_encryption = 'md5'; ALTER ROLE $app PASSWORD '$password'";

const newName = (prefix = 'app'): string => `${prefix}_${++count}`;

interface Wanted {
  options?: TargetOptions;
  /** The login's name, where pg_hba.conf has a line for it. */
  name?: string;
  /** SQL of the superuser before the adoption; `$app` stands for the role. */
  sql?: string | (() => string);
  /** Further SQL, for what may not stand in one message with the former. */
  more?: string;
  /** The name under which the pooler knows the login. */
  pooledUser?: string | null;
  roleOptions?: string;
  rotator?: 'admitted' | 'weak' | 'refused';
  sendsPlaintext?: boolean;
  database?: string;
  /** What the application sets when it logs in, where the role's own settings would cut it off. */
  clientOptions?: string;
  /** How the login is guarded; `prefer` otherwise. */
  tls?: Partial<Tls>;
  /** Where the URLs lead instead of the server itself. */
  place?: (server: TestTarget, login: Login) => Promise<{ directPort?: number; pooledPort?: number }>;
}

/** Logs in by libpq, which is what most clients are made of. */
async function logIn(url: string, options = ''): Promise<void> {
  const program = findProgram('psql');
  if (!program) throw new Error('psql is not installed.');
  const env = { ...serverEnv(), PGOPTIONS: options, PGCONNECT_TIMEOUT: '10', PSQLRC: '/dev/null' };
  await promisify(execFile)(program, ['--no-password', '--dbname', url, '--command', 'SELECT 1'], { env });
}

const login =
  ({
    options,
    name,
    sql,
    more,
    pooledUser = null,
    roleOptions,
    rotator,
    sendsPlaintext = false,
    database = 'postgres',
    clientOptions = '',
    tls,
    place,
  }: Wanted = {}) =>
  async (): Promise<Subject> => {
    const server = await serverWith(options);
    const app = await server.createLogin(name ?? newName(), { options: roleOptions ?? '' });
    if (sql)
      await server.sql((typeof sql === 'string' ? sql : sql()).replaceAll('$app', escapeIdentifier(app.user)).replaceAll('$password', app.password.reveal()));
    if (more) await server.sql(more.replaceAll('$app', escapeIdentifier(app.user)));
    const { directPort = server.target.direct.port, pooledPort } = (await place?.(server, app)) ?? {};
    const held = async (where: string) =>
      JSON.stringify(await server.sql(`SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL AND rolname ${where} ORDER BY 1`, [app.user]));
    return {
      target: {
        direct: placeAt(directPort, { database, ...tls }),
        pooled:
          pooledPort === undefined
            ? server.target.pooled && { ...server.target.pooled, database }
            : { ...placeAt(pooledPort, { database, ...tls }), user: pooledUser },
      },
      login: app,
      sendsPlaintext,
      ...(rotator && { rotator: await makeRotator(server, app, rotator) }),
      logIn: (url) => logIn(url, clientOptions),
      held: () => held('= $1'),
      heldOfOthers: () => held('<> $1'),
    };
  };

async function makeRotator(server: TestTarget, app: Login, kind: 'admitted' | 'weak' | 'refused'): Promise<Login> {
  if (kind === 'weak') return server.createLogin(newName('weak'), { options: 'CREATEROLE' });
  const rotator = await server.createRotator(newName('rotator'), app);
  return kind === 'refused' ? { ...rotator, password: new Secret('not-the-right-one') } : rotator;
}

type PoolerWanted = {
  /** Where it knows passwords from; `alias`: in plain text, under the name `alias`. */
  users: 'auth_query' | 'verifiers' | 'plain' | 'md5' | 'alias';
  settings?: PgbouncerOptions['settings'];
  /** `$app` and `$password` stand for the login. */
  databases?: PgbouncerOptions['databases'];
  /** Whether it serves no other databases. */
  isListed?: boolean;
  hba?: string;
  /** Offers TLS, and asks for client certificates that this very certificate signed. */
  isGuarded?: boolean;
  /** A command of its console, once it runs. */
  admin?: string;
};

/** Another PgBouncer in front of a server. Lists of its own know the login as it is now. */
async function bouncer(server: TestTarget, app: Login, { users, databases, hba, isGuarded, admin, ...wanted }: PoolerWanted): Promise<number> {
  const lookup = { user: 'pooler_lookup', password: randomBytes(18).toString('base64url') };
  if (users === 'auth_query') await prepareAuthQuery(server.superuserUrl, lookup);
  const password = app.password.reveal();
  const known = { verifiers: async () => String((await server.sql('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [app.user]))[0]?.rolpassword) };
  const verifier = users === 'verifiers' ? await known.verifiers() : users === 'md5' ? md5Verifier(app) : password;
  const name = users === 'alias' ? users : app.user;
  const auth = users === 'auth_query' ? ({ method: 'auth_query', lookup } as const) : ({ method: 'auth_file', verifiers: { [name]: verifier } } as const);
  const dir = openFolder('rekey-pooler-');
  const postgres = { host: server.target.direct.host, port: server.target.direct.port };
  const entries = Object.entries(databases ?? {}).map(([one, extra]) => [one, extra.replaceAll('$app', app.user).replaceAll('$password', password)]);
  const settings = { ...wanted.settings };
  if (hba) {
    settings.auth_hba_file = join(dir, 'hba.conf');
    writeFileSync(settings.auth_hba_file, `${hba}\n`);
  }
  if (isGuarded) {
    const { certPem, keyPem } = makeCertificate('pooler.example.com');
    const [cert, key] = [join(dir, 'pooler.crt'), join(dir, 'pooler.key')];
    writeFileSync(cert, certPem);
    writeFileSync(key, keyPem);
    Object.assign(settings, { client_tls_cert_file: cert, client_tls_key_file: key, client_tls_ca_file: cert });
  }
  const pooler = await shared(dir, () =>
    startPgbouncer({ dir, postgres, auth, ...wanted, settings, ...(databases && { databases: Object.fromEntries(entries) }) }),
  );
  if (admin) await pooler.admin(admin);
  return pooler.port;
}

async function pgpool(server: TestTarget, app: Login): Promise<number> {
  const dir = openFolder('rekey-pgpool-');
  const postgres = { host: server.target.direct.host, port: server.target.direct.port };
  const { port } = await shared(dir, () => startPgpool({ dir, postgres, passwords: { [app.user]: app.password.reveal() } }));
  return port;
}

/** The server, under the number of an older release: nothing else is left of that one to try. */
async function olderServer(server: TestTarget): Promise<number> {
  const { port } = await shared('a server of release 12', async () => {
    const sockets = new Set<net.Socket>();
    const relay = net.createServer((client) => {
      const upstream = net.connect(server.target.direct.port, '127.0.0.1');
      for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
      upstream.on('data', (bytes: Buffer) =>
        client.write(Buffer.from(bytes.toString('latin1').replace('server_version\0' + '18', 'server_version\0' + '12'), 'latin1')),
      );
      client.on('data', (bytes) => upstream.write(bytes)).on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
    });
    await new Promise<void>((listening) => relay.listen(0, '127.0.0.1', listening));
    return {
      port: (relay.address() as net.AddressInfo).port,
      stop: async () => {
        for (const socket of sockets) socket.destroy();
        relay.close();
      },
    };
  });
  return port;
}

/** Lets a role change passwords in plain text only, as credcheck does for all by default. */
function refuseVerifiers(): string {
  const folder = openFolder('rekey-hook-');
  const library = join(folder, 'refuse_verifiers.so');
  const compiler = findProgram('gcc');
  if (!compiler) throw new Error('gcc is not installed.');
  const source = join(import.meta.dirname, 'refuse-verifiers.c');
  const { status, stderr } = spawnSync(compiler, ['-shared', '-fPIC', '-nostdlib', '-O1', '-o', library, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`gcc failed: ${stderr}`);
  chmodSync(library, 0o755);
  started.set(folder, Promise.resolve({ stop: async () => rmSync(folder, { recursive: true }) }));
  return `ALTER ROLE $app SET session_preload_libraries = '${library}'`;
}

/** A folder that servers may enter, which run as another user than root. */
function openFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755);
  return folder;
}

const row = (kind: string, does: Does, wanted: Wanted = {}, advice?: string): Row => ({
  engine: 'postgresql',
  kind,
  ...does,
  ...(advice && { advice }),
  setUp: login(wanted),
});
const rotates: Does = { does: 'rotates' };
const warns = (warning: string): Does => ({ does: 'rotates with a warning', warning });
type Refusal = Extract<Does, { does: 'refuses at adoption' }>;
const refuses = (code: Refusal['code']): Refusal => ({ does: 'refuses at adoption', code });
const refusesPooled = (code: Refusal['code']): Refusal => ({ ...refuses(code), endpoint: 'pooled' });
const putsBack = (code: Extract<Does, { does: 'puts the old password back' }>['code']): Does => ({ does: 'puts the old password back', code });
const POOLER = 'Only a rotation shows whether the pooler learns';
const V15 = { version: '15' } as const;

export const POSTGRES_ROWS: readonly Row[] = [
  row('PostgreSQL 18, SCRAM, the role changes its own password', rotates),
  row('PostgreSQL 18, rotator with ADMIN of the role', rotates, { rotator: 'admitted' }),
  row(
    'PostgreSQL 18, rotator with CREATEROLE but not ADMIN of the role',
    refuses('not_permitted'),
    { rotator: 'weak' },
    'GRANT the role to the rotator WITH ADMIN TRUE.',
  ),
  row('PostgreSQL 18, rotator whose password is wrong', refuses('rotator_refused'), { rotator: 'refused' }, 'Give the rotator’s current URL.'),
  row('PostgreSQL 15, the role changes its own password', rotates, { options: V15 }),
  row('PostgreSQL 15, rotator with CREATEROLE', rotates, { options: V15, rotator: 'admitted' }),
  row(
    'PostgreSQL 12 and older',
    refuses('server_too_old'),
    { options: { settings: { ssl: 'off' } }, place: async (server) => ({ directPort: await olderServer(server) }) },
    'Upgrade the server.',
  ),
  row('Standby', refuses('read_only'), { options: { settings: { cluster_name: 'standby' } }, place: becomeStandby }, 'Give the address of the primary.'),
  row(
    'Synchronous replication whose standby is gone',
    refuses('standby_missing'),
    { options: { settings: { synchronous_standby_names: 'nobody', synchronous_commit: 'local' } } },
    'Start the standby, or change synchronous_standby_names.',
  ),
  row('pg_hba.conf: trust', refuses('target_unverifiable'), { name: 'trusting' }, 'Ask for scram-sha-256 in pg_hba.conf.'),
  row('pg_hba.conf: password (clear text)', refuses('cleartext_refused'), { name: 'cleartext' }, 'Ask for scram-sha-256 in pg_hba.conf.'),
  row('pg_hba.conf: reject', refuses('login_not_allowed'), { name: 'kept_out' }, 'Allow the login in pg_hba.conf.'),
  row('Password stored by MD5', warns('The server stores this password as MD5'), { name: 'by_md5', sql: MD5 }),
  row(
    'Password stored by MD5, without TLS',
    refuses('md5_refused'),
    { name: 'plain_md5', sql: MD5, tls: { mode: 'disable' } },
    'Turn TLS on, store the password by SCRAM, or set allows_md5 for the login.',
  ),
  row('Password stored by MD5, without TLS, with allows_md5', warns('The server stores this password as MD5'), {
    name: 'chosen_md5',
    sql: MD5,
    tls: { mode: 'disable', allowsMd5: true },
  }),
  row('Role with NOLOGIN', refuses('login_not_allowed'), { sql: 'ALTER ROLE $app NOLOGIN' }, 'ALTER ROLE … LOGIN.'),
  row('Role with VALID UNTIL', warns('The role is valid until'), { roleOptions: "VALID UNTIL '2101-01-01T00:00:00Z'" }),
  row('Role with CONNECTION LIMIT 1', rotates, { roleOptions: 'CONNECTION LIMIT 1', rotator: 'admitted' }),
  row('Role that acts as another (SET role)', rotates, { sql: 'CREATE ROLE acting; GRANT acting TO $app; ALTER ROLE $app SET role = acting' }),
  row('Database that does not exist', refuses('database_missing'), { database: 'no_such_database' }, 'Create it, or give another URL.'),
  row('DateStyle German, TimeZone and IntervalStyle of the role', rotates, {
    sql: "ALTER ROLE $app SET DateStyle = 'German'; ALTER ROLE $app SET TimeZone = 'Asia/Kathmandu'; ALTER ROLE $app SET IntervalStyle = 'sql_standard'",
  }),
  row('default_transaction_read_only = on for the role', rotates, { sql: 'ALTER ROLE $app SET default_transaction_read_only = on' }),
  row('statement_timeout and idle_session_timeout of 1 ms for the role', rotates, {
    sql: 'ALTER ROLE $app SET statement_timeout = 1; ALTER ROLE $app SET idle_session_timeout = 1',
    clientOptions: '-c statement_timeout=0 -c idle_session_timeout=0',
    rotator: 'admitted',
  }),
  row('search_path without pg_catalog for the role', rotates, { sql: 'ALTER ROLE $app SET search_path = nowhere' }),
  row('scram_iterations = 1 for the role', rotates, { sql: 'ALTER ROLE $app SET scram_iterations = 1' }),
  row('scram_iterations = 200000', warns('New passwords get 200,000 SCRAM iterations'), { sql: 'ALTER ROLE $app SET scram_iterations = 200000' }),
  row('scram_iterations above 1,000,000', refuses('iterations_too_high'), { sql: 'ALTER ROLE $app SET scram_iterations = 1200000' }, 'Lower scram_iterations.'),
  row('passwordcheck', rotates, { options: { settings: { shared_preload_libraries: 'passwordcheck' } } }),
  row(
    'Extension that takes plaintext passwords only (credcheck by default)',
    refuses('verifier_refused'),
    { options: V15, sql: refuseVerifiers },
    'credcheck.encrypted_password_allowed = on, or allow plaintext for the login (`sends_plaintext`).',
  ),
  row('The same, with plaintext allowed for the login', warns('New passwords of this login are sent to the server in plain text'), {
    options: V15,
    sql: refuseVerifiers,
    sendsPlaintext: true,
  }),
  row('auth_delay of half a second', rotates, { options: { settings: { shared_preload_libraries: 'auth_delay', 'auth_delay.milliseconds': '500' } } }),
  row('auth_delay of 10 seconds', rotates, {
    options: { settings: { shared_preload_libraries: 'auth_delay', 'auth_delay.milliseconds': '10000' } },
  }),
  row(
    'auth_delay of 10 seconds, password stored by MD5',
    refuses('rejection_slow'),
    { name: 'by_md5', sql: MD5, options: { settings: { shared_preload_libraries: 'auth_delay', 'auth_delay.milliseconds': '10000' } } },
    'Set auth_delay.milliseconds below 3000.',
  ),
  row('Login event trigger that only writes a log', rotates, {
    options: { settings: { cluster_name: 'logs_logins' } },
    sql: onLogin("RAISE LOG 'login of %', session_user"),
  }),
  row(
    'Login event trigger that raises an error',
    refuses('session_refused'),
    { options: { settings: { cluster_name: 'refuses_logins' } }, sql: onLogin("IF session_user LIKE 'app%' THEN RAISE 'not at this hour'; END IF") },
    'Fix the trigger, or exempt the role.',
  ),
  row('PgBouncer, auth_query', warns(POOLER), { place: pooled({ users: 'auth_query' }) }),
  row('PgBouncer, auth_query, auth_type md5', warns(POOLER), { place: pooled({ users: 'auth_query', settings: { auth_type: 'md5' } }) }),
  row('PgBouncer, auth_query, statement pooling', warns(POOLER), { place: pooled({ users: 'auth_query', settings: { pool_mode: 'statement' } }) }),
  row('PgBouncer, auth_file with SCRAM verifiers', putsBack('pooler_refused_new'), { place: pooled({ users: 'verifiers' }) }, 'Use auth_query.'),
  row('PgBouncer, auth_file in plain text', putsBack('pooler_refused_new'), { place: pooled({ users: 'plain' }) }, 'Use auth_query.'),
  row(
    'PgBouncer, auth_file in plain text, auth_type md5 (its default)',
    putsBack('pooler_refused_new'),
    { tls: { allowsMd5: true }, place: pooled({ users: 'plain', settings: { auth_type: 'md5' } }) },
    'Use auth_query.',
  ),
  row(
    'PgBouncer, auth_file with MD5 hashes, auth_type md5',
    putsBack('pooler_refused_new'),
    {
      options: V15,
      name: 'by_md5',
      tls: { allowsMd5: true },
      sql: MD5,
      place: pooled({ users: 'verifiers', settings: { auth_type: 'md5' } }),
    },
    'Use auth_query.',
  ),
  row(
    'PgBouncer, auth_type trust',
    refuses('pooler_unverifiable'),
    { place: pooled({ users: 'plain', settings: { auth_type: 'trust' } }) },
    'Set auth_type = scram-sha-256 in pgbouncer.ini.',
  ),
  row(
    'PgBouncer that logs in to the server as another role',
    refusesPooled('wrong_identity'),
    { database: 'masked', sql: 'CREATE DATABASE masked', place: pooled({ users: 'plain', databases: { masked: 'dbname=postgres user=trusting' } }) },
    'Give the pooled URL of the role itself.',
  ),
  row(
    'PgBouncer as the only address',
    refuses('direct_is_pooler'),
    { place: async (server, app) => ({ directPort: await bouncer(server, app, { users: 'plain' }) }) },
    'Give the server’s own address, and the pooler’s as the pooled URL.',
  ),
  row(
    'PgBouncer as the only address, ignoring start-up options',
    refuses('direct_is_pooler'),
    { place: async (server, app) => ({ directPort: await bouncer(server, app, { users: 'plain', settings: { ignore_startup_parameters: 'options' } }) }) },
    'Give the server’s own address, and the pooler’s as the pooled URL.',
  ),
  row(
    'Pgpool-II as the only address',
    refuses('direct_is_pooler'),
    { place: async (server, app) => ({ directPort: await pgpool(server, app) }) },
    'Give the server’s own address, and the pooler’s as the pooled URL.',
  ),
  row(
    'Pgpool-II, pool_passwd',
    putsBack('pooler_refused_new'),
    { place: async (server, app) => ({ pooledPort: await pgpool(server, app) }) },
    'Remove the pooled URL, and update pool_passwd by hand.',
  ),
  row('Names with quotes, spaces, umlauts and signs of URLs', rotates, { name: NAME, database: 'Shop "ü" %41/x', sql: 'CREATE DATABASE "Shop ""ü"" %41/x"' }),
  row('Names in capitals, of 63 bytes, by a rotator', rotates, { name: `APP_${'n'.repeat(59)}`, rotator: 'admitted' }),
  row('Names with quotes, through PgBouncer (auth_query)', warns(POOLER), { name: `${NAME}2`, place: pooled({ users: 'auth_query' }) }),
  row('ALTER ROLE ALL SET of DateStyle, search_path and time-outs', rotates, {
    options: { settings: { cluster_name: 'role_all' } },
    sql: "ALTER ROLE ALL SET DateStyle = 'SQL, DMY'; ALTER ROLE ALL SET search_path = ''; ALTER ROLE ALL SET statement_timeout = 1; ALTER ROLE ALL SET default_transaction_read_only = on",
    clientOptions: '-c statement_timeout=0',
    rotator: 'admitted',
  }),
  row('ALTER DATABASE SET of DateStyle and default_transaction_read_only', rotates, {
    options: { settings: { cluster_name: 'database_set' } },
    sql: "ALTER DATABASE postgres SET DateStyle = 'German'; ALTER DATABASE postgres SET default_transaction_read_only = on; ALTER DATABASE postgres SET role = 'pg_monitor'",
  }),
  row('postgresql.conf: default_transaction_read_only, German DateStyle, md5 for new passwords', rotates, {
    options: {
      settings: { default_transaction_read_only: 'on', DateStyle: 'German', password_encryption: 'md5', statement_timeout: '1s', TimeZone: 'Asia/Kathmandu' },
    },
    rotator: 'admitted',
  }),
  row('client_encoding LATIN1 for the role', rotates, { name: 'Jörg', sql: "ALTER ROLE $app SET client_encoding = 'LATIN1'" }),
  row('A database of SQL_ASCII, a role with an umlaut', rotates, {
    name: 'Jürgen',
    database: 'ascii',
    sql: "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'",
  }),
  row('CONNECTION LIMIT 1, the role changes its own password', rotates, { roleOptions: 'CONNECTION LIMIT 1' }),
  row('CONNECTION LIMIT 0', refuses('server_full'), { roleOptions: 'CONNECTION LIMIT 0' }, 'ALTER ROLE … CONNECTION LIMIT 2 or more.'),
  row(
    'A database with CONNECTION LIMIT 1, rotator in the same database',
    refuses('server_full'),
    {
      database: 'single',
      sql: 'CREATE DATABASE single CONNECTION LIMIT 1',
      rotator: 'admitted',
    },
    'Let the rotator’s URL name another database.',
  ),
  row(
    'A database without CONNECT for the role',
    refuses('database_missing'),
    {
      options: { settings: { cluster_name: 'no_connect' } },
      database: 'closed',
      sql: 'CREATE DATABASE closed',
      more: 'REVOKE CONNECT ON DATABASE closed FROM PUBLIC',
    },
    'GRANT CONNECT ON DATABASE … TO the role.',
  ),
  row(
    'A database that takes no connections (datallowconn)',
    refuses('database_missing'),
    {
      database: 'shut',
      sql: 'CREATE DATABASE shut ALLOW_CONNECTIONS false',
    },
    'ALTER DATABASE … ALLOW_CONNECTIONS true.',
  ),
  row(
    'A password that was taken away (PASSWORD NULL)',
    refuses('current_password_refused'),
    { sql: 'ALTER ROLE $app PASSWORD NULL' },
    'Set a password, and give its URL under Settings.',
  ),
  row('VALID UNTIL in the past', refuses('current_password_refused'), { roleOptions: "VALID UNTIL '2020-01-01'" }, 'ALTER ROLE … VALID UNTIL a later time.'),
  row('VALID UNTIL infinity', rotates, { roleOptions: "VALID UNTIL 'infinity'" }),
  row('pg_hba.conf: ident', refuses('login_not_allowed'), { name: 'by_ident' }, 'Ask for scram-sha-256 in pg_hba.conf.'),
  row(
    'pg_hba.conf: cert',
    refuses('login_not_allowed'),
    {
      options: { hba: ['hostssl all app_cert 127.0.0.1/32 cert', 'host all all 127.0.0.1/32 scram-sha-256'], settings: { ssl_ca_file: '../server.crt' } },
      name: 'app_cert',
    },
    'Ask for scram-sha-256 in pg_hba.conf: Rekey has no client certificate.',
  ),
  row(
    'pg_hba.conf: TLS only, URL without TLS',
    refuses('login_not_allowed'),
    { name: 'only_tls', tls: { mode: 'disable' } },
    'Give a URL with sslmode=require.',
  ),
  row('pg_hba.conf: no TLS, URL that leaves it open', refuses('login_not_allowed'), { name: 'only_plain' }, 'Give a URL with sslmode=disable.'),
  row('A superuser that changes its own password', rotates, { roleOptions: 'SUPERUSER' }),
  row(
    'A superuser, rotator with CREATEROLE',
    refuses('not_permitted'),
    { roleOptions: 'SUPERUSER', rotator: 'admitted' },
    'Let the superuser change its own password, or take a superuser as the rotator.',
  ),
  row('Role without INHERIT, member of others', rotates, { roleOptions: 'NOINHERIT IN ROLE pg_read_all_data' }),
  row(
    'pg_stat_activity taken away from PUBLIC',
    refuses('catalog_denied'),
    {
      options: { settings: { cluster_name: 'no_activity' } },
      sql: 'REVOKE ALL ON pg_catalog.pg_stat_activity FROM PUBLIC',
    },
    'GRANT SELECT ON pg_catalog.pg_stat_activity to the logins that Rekey uses.',
  ),
  row(
    'pg_roles taken away from PUBLIC',
    refuses('catalog_denied'),
    {
      options: { settings: { cluster_name: 'hardened' } },
      sql: 'REVOKE ALL ON pg_catalog.pg_roles FROM PUBLIC',
    },
    'GRANT SELECT ON pg_catalog.pg_roles to the logins that Rekey uses.',
  ),
  row('pg_terminate_backend taken away from PUBLIC', warns('Open sessions can be seen, not ended'), {
    options: { settings: { cluster_name: 'no_terminate' } },
    sql: 'REVOKE EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend FROM PUBLIC',
  }),
  row('pg_control_system and pg_settings taken away from PUBLIC', warns('This server does not report its identity'), {
    options: { settings: { cluster_name: 'no_identity' } },
    sql: 'REVOKE EXECUTE ON FUNCTION pg_catalog.pg_control_system() FROM PUBLIC; REVOKE ALL ON pg_catalog.pg_settings FROM PUBLIC',
  }),
  row('auto_explain and pg_stat_statements', rotates, {
    options: { settings: { shared_preload_libraries: 'auto_explain,pg_stat_statements', 'auto_explain.log_min_duration': '0' } },
  }),
  row('PgBouncer, auth_query, session pooling', warns(POOLER), { place: pooled({ users: 'auth_query', settings: { pool_mode: 'session' } }) }),
  row('PgBouncer, auth_query, without ignore_startup_parameters', warns(POOLER), {
    place: pooled({ users: 'auth_query', settings: { ignore_startup_parameters: '' } }),
  }),
  row('PgBouncer, auth_type hba', warns(POOLER), {
    place: pooled({ users: 'auth_query', settings: { auth_type: 'hba' }, hba: 'host all all 127.0.0.1/32 scram-sha-256' }),
  }),
  row(
    'PgBouncer, auth_type plain',
    refusesPooled('cleartext_refused'),
    { place: pooled({ users: 'plain', settings: { auth_type: 'plain' } }) },
    'Set auth_type = scram-sha-256 in pgbouncer.ini.',
  ),
  row(
    'PgBouncer, auth_type any',
    refuses('pooler_unverifiable'),
    {
      place: pooled({ users: 'plain', settings: { auth_type: 'any' }, databases: { '*': 'user=$app password=$password' } }),
    },
    'Set auth_type = scram-sha-256 in pgbouncer.ini.',
  ),
  row(
    'PgBouncer, auth_type pam',
    refusesPooled('cleartext_refused'),
    { place: pooled({ users: 'plain', settings: { auth_type: 'pam' } }) },
    'Let PgBouncer ask by scram-sha-256 (auth_query), or remove the pooled URL.',
  ),
  row(
    'PgBouncer, auth_query that fails in the database',
    refusesPooled('pooler_failed'),
    {
      database: 'without_lookup',
      sql: 'CREATE DATABASE without_lookup TEMPLATE template0',
      place: pooled({ users: 'auth_query' }),
    },
    'Create the function in that database too, or set auth_dbname.',
  ),
  row(
    'PgBouncer that does not know the database',
    refuses('pooler_refused_current'),
    {
      place: pooled({ users: 'auth_query', isListed: true, databases: { other: 'dbname=postgres' } }),
    },
    'Add the database to pgbouncer.ini, or give another pooled URL.',
  ),
  row(
    'PgBouncer with the MD5 hash of a login that has SCRAM',
    refusesPooled('timed_out'),
    {
      place: pooled({ users: 'md5', settings: { auth_type: 'md5' } }),
      tls: { allowsMd5: true },
    },
    'Use auth_query.',
  ),
  row(
    'PgBouncer that knows the login by another name',
    putsBack('pooler_refused_new'),
    {
      place: pooled({ users: 'alias', databases: { postgres: 'user=$app password=$password' } }),
      pooledUser: 'alias',
    },
    'Use auth_query and the login’s own name.',
  ),
  row(
    'PgBouncer that is full (max_client_conn)',
    refusesPooled('server_full'),
    { place: pooled({ users: 'auth_query', settings: { max_client_conn: '0' } }) },
    'Raise max_client_conn.',
  ),
  row('PgBouncer that is not running', refusesPooled('server_unreachable'), { place: async () => ({ pooledPort: 1 }) }, 'Start it, or remove the pooled URL.'),
  row(
    'PgBouncer, database disabled',
    refusesPooled('pooler_failed'),
    { place: pooled({ users: 'auth_query', admin: 'DISABLE postgres' }) },
    'ENABLE it on PgBouncer’s console.',
  ),
  row(
    'PgBouncer as the only address, statement pooling',
    refuses('direct_is_pooler'),
    {
      place: async (server, app) => ({
        directPort: await bouncer(server, app, { users: 'plain', settings: { pool_mode: 'statement', ignore_startup_parameters: 'options' } }),
      }),
    },
    'Give the server’s own address, and the pooler’s as the pooled URL.',
  ),
  row(
    'PgBouncer as the only address, session pooling, ignoring start-up options',
    refuses('direct_is_pooler'),
    {
      place: async (server, app) => ({
        directPort: await bouncer(server, app, { users: 'plain', settings: { pool_mode: 'session', ignore_startup_parameters: 'options' } }),
      }),
    },
    'Give the server’s own address, and the pooler’s as the pooled URL.',
  ),
  row(
    'PgBouncer as the only address, auth_type trust',
    refuses('direct_is_pooler'),
    {
      place: async (server, app) => ({
        directPort: await bouncer(server, app, { users: 'plain', settings: { auth_type: 'trust', ignore_startup_parameters: 'options' } }),
      }),
    },
    'Give the server’s own address, and the pooler’s as the pooled URL.',
  ),
  row(
    'PgBouncer as the only address, auth_type plain',
    refuses('cleartext_refused'),
    {
      place: async (server, app) => ({
        directPort: await bouncer(server, app, { users: 'plain', settings: { auth_type: 'plain', ignore_startup_parameters: 'options' } }),
      }),
    },
    'Give the server’s own address, and the pooler’s as the pooled URL.',
  ),
  row(
    'PgBouncer, auth_type cert',
    refusesPooled('tls_refused'),
    { tls: { mode: 'require' }, place: pooled({ users: 'plain', isGuarded: true, settings: { auth_type: 'cert', client_tls_sslmode: 'verify-full' } }) },
    'Let PgBouncer ask by scram-sha-256 (auth_query), or remove the pooled URL: Rekey has no client certificate.',
  ),
  row('PgBouncer over TLS, auth_query', warns(POOLER), {
    tls: { mode: 'require' },
    place: pooled({ users: 'auth_query', isGuarded: true, settings: { client_tls_sslmode: 'require' } }),
  }),
  row('PgBouncer, auth_query by an auth_user of the database alone', warns(POOLER), {
    place: pooled({ users: 'auth_query', settings: { auth_user: '' }, databases: { postgres: 'auth_user=pooler_lookup' } }),
  }),
  row('PgBouncer, auth_query in a database that it knows by another name', warns(POOLER), {
    sql: 'CREATE DATABASE shop_alias',
    database: 'shop_alias',
    place: pooled({ users: 'auth_query', isListed: true, databases: { shop_alias: 'dbname=postgres auth_user=pooler_lookup' }, settings: { auth_user: '' } }),
  }),
  row(
    'PgBouncer, auth_hba_file: trust',
    refuses('pooler_unverifiable'),
    { place: pooled({ users: 'plain', settings: { auth_type: 'hba' }, hba: 'host all all 127.0.0.1/32 trust' }) },
    'Ask for scram-sha-256 in the auth_hba_file.',
  ),
  row(
    'PgBouncer, auth_hba_file: reject',
    refusesPooled('login_not_allowed'),
    { place: pooled({ users: 'auth_query', settings: { auth_type: 'hba' }, hba: 'host all all 127.0.0.1/32 reject' }) },
    'Allow the login in the auth_hba_file.',
  ),
  row(
    'PgBouncer, auth_hba_file: a line for other logins only',
    refusesPooled('login_not_allowed'),
    { place: pooled({ users: 'auth_query', settings: { auth_type: 'hba' }, hba: 'host all somebody 127.0.0.1/32 scram-sha-256' }) },
    'Allow the login in the auth_hba_file.',
  ),
  row('PgBouncer, auth_hba_file: md5', warns(POOLER), {
    place: pooled({ users: 'auth_query', settings: { auth_type: 'hba' }, hba: 'host all all 127.0.0.1/32 md5' }),
  }),
  row(
    'PgBouncer, auth_hba_file: password (clear text)',
    refusesPooled('cleartext_refused'),
    { place: pooled({ users: 'plain', settings: { auth_type: 'hba' }, hba: 'host all all 127.0.0.1/32 password' }) },
    'Ask for scram-sha-256 in the auth_hba_file.',
  ),
  row(
    'PgBouncer, auth_hba_file: cert',
    refusesPooled('login_not_allowed'),
    {
      tls: { mode: 'require' },
      place: pooled({
        users: 'plain',
        isGuarded: true,
        settings: { auth_type: 'hba', client_tls_sslmode: 'require' },
        hba: 'hostssl all all 127.0.0.1/32 cert',
      }),
    },
    'Ask for scram-sha-256 in the auth_hba_file: Rekey has no client certificate.',
  ),
  row(
    'PgBouncer, auth_hba_file: TLS only, URL without TLS',
    refusesPooled('login_not_allowed'),
    {
      tls: { mode: 'disable' },
      place: pooled({
        users: 'auth_query',
        isGuarded: true,
        settings: { auth_type: 'hba', client_tls_sslmode: 'allow' },
        hba: 'hostssl all all 127.0.0.1/32 scram-sha-256',
      }),
    },
    'Give a URL with sslmode=require.',
  ),
  row(
    'PgBouncer that demands TLS, URL without TLS',
    refusesPooled('tls_needed'),
    { tls: { mode: 'disable' }, place: pooled({ users: 'auth_query', isGuarded: true, settings: { client_tls_sslmode: 'require' } }) },
    'Give a URL with sslmode=require.',
  ),
  row(
    'pg_hba.conf: scram-sha-256 with clientcert=verify-ca',
    refuses('login_not_allowed'),
    {
      options: {
        hba: ['hostssl all app_with_cert 127.0.0.1/32 scram-sha-256 clientcert=verify-ca', 'host all all 127.0.0.1/32 scram-sha-256'],
        settings: { ssl_ca_file: '../server.crt' },
      },
      name: 'app_with_cert',
    },
    'Leave clientcert out: Rekey has no client certificate.',
  ),
  row(
    'local_preload_libraries of the role that does not exist',
    refuses('session_refused'),
    { sql: "ALTER ROLE $app SET local_preload_libraries = 'nowhere'" },
    'Correct the setting of the role.',
  ),
  row(
    'USAGE on the schema pg_catalog taken away from PUBLIC',
    refuses('catalog_denied'),
    { options: { settings: { cluster_name: 'no_catalog' } }, sql: 'REVOKE USAGE ON SCHEMA pg_catalog FROM PUBLIC' },
    'GRANT USAGE ON SCHEMA pg_catalog to the logins that Rekey uses.',
  ),
  row(
    'set_config and clock_timestamp taken away from PUBLIC',
    refuses('catalog_denied'),
    {
      options: { settings: { cluster_name: 'no_functions' } },
      sql: 'REVOKE EXECUTE ON FUNCTION pg_catalog.set_config FROM PUBLIC; REVOKE EXECUTE ON FUNCTION pg_catalog.clock_timestamp() FROM PUBLIC',
    },
    'GRANT EXECUTE on both to the logins that Rekey uses.',
  ),
  row(
    'pg_backend_pid taken away from PUBLIC',
    refuses('catalog_denied'),
    { options: { settings: { cluster_name: 'no_pid' } }, sql: 'REVOKE EXECUTE ON FUNCTION pg_catalog.pg_backend_pid() FROM PUBLIC' },
    'GRANT EXECUTE on it to the logins that Rekey uses.',
  ),
  row('A name that ends with a space', rotates, { name: 'app_with_space ' }),
  row(
    'TLS by ciphers that Rekey does not use',
    refuses('tls_refused'),
    { options: { settings: { ssl_max_protocol_version: 'TLSv1.2', ssl_ciphers: 'AES128-SHA' } }, tls: { mode: 'require' } },
    'Let ssl_ciphers keep its default.',
  ),
  row('A TCP proxy as the direct address (HAProxy, a tunnel)', rotates, { place: async (server) => ({ directPort: await passingProxy(server) }) }),
  row('A TCP proxy as the pooled address', warns(POOLER), { place: async (server) => ({ pooledPort: await passingProxy(server) }) }),
  row(
    'All connections taken (max_connections)',
    refuses('server_full'),
    {
      options: { settings: { max_connections: '8', superuser_reserved_connections: '3', cluster_name: 'crowded' } },
      place: crowd,
    },
    'Raise max_connections, or end sessions.',
  ),
  row('A transaction that has changed the role and stays open', refuses('lock_busy'), { place: holdRole }, 'End that session.'),
  row(
    'pg_hba.conf: scram-sha-256, a password stored by MD5',
    refuses('current_password_refused'),
    { sql: MD5 },
    'Set the password again, stored by SCRAM, and give its URL under Settings.',
  ),
  row(
    'PgBouncer whose auth_user the server does not know',
    refusesPooled('pooler_failed'),
    { place: pooled({ users: 'auth_query', settings: { auth_user: 'nobody_there' } }) },
    'Create the auth_user, and give PgBouncer its password.',
  ),
  row(
    'PgBouncer, auth_type peer',
    refusesPooled('login_not_allowed'),
    { place: pooled({ users: 'plain', settings: { auth_type: 'hba' }, hba: 'host all all 127.0.0.1/32 peer' }) },
    'Ask for scram-sha-256 in the auth_hba_file.',
  ),
];

/** A proxy that passes bytes on. */
const passingProxy = async ({ target: { direct } }: TestTarget): Promise<number> =>
  (await shared(`proxy of ${direct.port}`, () => startTcpProxy({ host: direct.host, port: direct.port }))).port;

async function openHeld(server: TestTarget, login: Login): Promise<Client> {
  const client = new Client({ connectionString: server.urlOf(login) });
  client.on('error', () => {});
  await client.connect();
  await shared(`session ${started.size}`, async () => ({ stop: () => client.end() }));
  return client;
}

/** Takes every connection that is not kept for superusers. */
async function crowd(server: TestTarget): Promise<Record<string, never>> {
  const bystander = await server.createLogin(newName('crowd'));
  const isRefused = () =>
    openHeld(server, bystander).then(
      () => false,
      () => true,
    );
  await until('the bystander to hold all connections', isRefused);
  return {};
}

async function holdRole(server: TestTarget, { user }: Login): Promise<Record<string, never>> {
  const client = await openHeld(server, server.superuser);
  await client.query(`BEGIN; ALTER ROLE ${escapeIdentifier(user)} CONNECTION LIMIT 50`);
  return {};
}

async function becomeStandby(server: TestTarget): Promise<Record<string, never>> {
  await server.becomeStandby();
  return {};
}

function pooled(wanted: PoolerWanted): NonNullable<Wanted['place']> {
  return async (server, app) => ({ pooledPort: await bouncer(server, app, wanted) });
}

function onLogin(body: string): string {
  return `CREATE FUNCTION on_login() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN ${body}; END$$; CREATE EVENT TRIGGER watch ON login EXECUTE FUNCTION on_login()`;
}
