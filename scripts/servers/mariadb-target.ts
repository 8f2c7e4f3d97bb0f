// A real MariaDB server of its own for a test: the "target" whose passwords change.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mysql, { type Connection } from 'mysql2/promise';
import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Login, Target } from '#lib/engines/engine.ts';
import { freePort } from './free-port.ts';
import { MARIADB_ADMIN, type Mariadb, startMariadb } from './mariadb.ts';
import { placeAt } from './place.ts';
import { unprivileged } from './unprivileged.ts';

const TOO_MANY_CONNECTIONS = 1040;

export interface MariadbTargetOptions {
  settings?: Record<string, string>;
  /** Offers TLS with it. */
  certificate?: { certPem: string; keyPem: string };
}

export interface MariadbTarget {
  /** Where the engine finds it. */
  target: Target;
  admin: Login;
  /** A connection URL of that login. */
  urlOf: (login: Login) => string;
  /** All that the server wrote of what it was asked: error log, general log and binary log. */
  log: () => string;
  /** Makes a login with a password of its own and rights on the database; `options` are those of CREATE USER. */
  createLogin: (name: string, options?: { password?: string; hosts?: string[]; options?: string }) => Promise<Login>;
  /** Makes a login with the rights to change others' passwords, and to see and end their sessions. */
  createRotator: (name: string) => Promise<Login>;
  /** Runs one statement as the admin; its rows. */
  sql: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** Logs in with the driver alone. */
  connect: (login: Login) => Promise<Connection>;
  /** Offers TLS with another certificate from now on, as after a renewal. Needs one to begin with. */
  replaceCertificate: (certificate: { certPem: string; keyPem: string }) => Promise<void>;
  /** Ends the server: in order, or as in a crash. It comes back with `start`, at the same port. */
  down: (how: 'stop' | 'crash') => Promise<void>;
  start: () => Promise<void>;
  /** Ends the server and removes the data. */
  stop: () => Promise<void>;
}

const DATABASE = 'shop';

/** Starts a target; a test file should start one and share it. */
export async function startMariadbTarget(options: MariadbTargetOptions = {}): Promise<MariadbTarget> {
  const dir = mkdtempSync(join(tmpdir(), 'rekey-mariadb-'));
  chmodSync(dir, 0o755);
  const port = await freePort();
  const tls = options.certificate ? writeCertificate(dir, options.certificate) : {};
  const logs = { 'general-log': '1', 'general-log-file': 'general.log', 'log-bin': 'bin', 'server-id': '1', 'log-warnings': '9' };
  let errors = '';
  const onLog = (text: string) => {
    errors += text;
  };
  const launch = () =>
    startMariadb({ dir, port, settings: { 'innodb-flush-log-at-trx-commit': '0', 'sync-binlog': '0', ...logs, ...tls, ...options.settings }, onLog });
  let server: Mariadb = await launch();
  const admin = { user: MARIADB_ADMIN, password: server.password };

  const connect = async ({ user, password }: Login, database: string | undefined = DATABASE, usesTls = false) => {
    const ssl = usesTls && { ssl: { rejectUnauthorized: false } };
    const connection = await mysql.createConnection({ host: '127.0.0.1', port, user, password: password.reveal(), ...(database && { database }), ...ssl });
    connection.on('error', () => {});
    return connection;
  };
  /** On a full server there is one connection for administrators, which a login that is just being refused may hold. */
  const connectAdmin = async (database: string, tries = 100): Promise<Connection> => {
    try {
      // The administrator is not bound by what a test sets for all: TLS, or how a text is quoted.
      return await connect(admin, database, options.certificate !== undefined);
    } catch (error) {
      if ((error as { errno?: number }).errno !== TOO_MANY_CONNECTIONS || tries === 1) throw error;
      await delay(100);
      return connectAdmin(database, tries - 1);
    }
  };
  const sql = async (text: string, values: unknown[] = [], database = '') => {
    const connection = await connectAdmin(database);
    try {
      await connection.query("SET sql_mode = ''");
      const [rows] = await connection.query(text, values);
      return rows as Record<string, unknown>[];
    } finally {
      await connection.end();
    }
  };
  const createLogin: MariadbTarget['createLogin'] = async (
    name,
    { password = randomBytes(18).toString('base64url'), hosts = ['%'], options: more = '' } = {},
  ) => {
    const login = { user: name, password: new Secret(password) };
    for (const host of hosts) {
      await sql(`CREATE USER ?@? IDENTIFIED VIA mysql_native_password USING '${makeNativeHash(login.password)}' ${more}`, [name, host]);
      await sql(`GRANT ALL ON ${DATABASE}.* TO ?@?`, [name, host]);
    }
    return login;
  };
  await sql(`CREATE DATABASE ${DATABASE}`);

  return {
    target: { direct: placeAt(port, { host: server.host, database: DATABASE }), pooled: null },
    admin,
    urlOf: ({ user, password }) => `mysql://${encodeURIComponent(user)}:${encodeURIComponent(password.reveal())}@127.0.0.1:${port}/${DATABASE}`,
    log: () => errors + readLogs(join(dir, 'data')),
    createLogin,
    createRotator: async (name) => {
      const login = await createLogin(name);
      await sql('GRANT CREATE USER, PROCESS, CONNECTION ADMIN ON *.* TO ?@?', [name, '%']);
      await sql('GRANT SELECT ON mysql.global_priv TO ?@?', [name, '%']);
      return login;
    },
    sql,
    connect: (login) => connect(login),
    replaceCertificate: async (certificate) => {
      writeCertificate(dir, certificate);
      await sql('FLUSH SSL');
    },
    down: (how) => (how === 'stop' ? server.stop() : server.crash()),
    start: async () => {
      server = await launch();
    },
    stop: async () => {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The general log and the binary logs, as they stand on disk. */
const readLogs = (data: string): string =>
  readdirSync(data)
    .filter((name) => name === 'general.log' || /^bin\.\d+$/.test(name))
    .map((name) => (existsSync(join(data, name)) ? readFileSync(join(data, name), 'latin1') : ''))
    .join('\n');

function writeCertificate(dir: string, { certPem, keyPem }: { certPem: string; keyPem: string }): Record<string, string> {
  const [cert, key] = [join(dir, 'server.crt'), join(dir, 'server.key')];
  writeFileSync(cert, certPem);
  writeFileSync(key, keyPem, { mode: 0o600 });
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(key, uid, gid);
  return { 'ssl-cert': cert, 'ssl-key': key };
}
