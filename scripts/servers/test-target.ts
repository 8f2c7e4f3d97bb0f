// A real database server of its own for a test: the "target" whose passwords change.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { makeScramVerifier } from '#lib/crypto/scram.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Login, Target } from '#lib/engines/engine.ts';
import { readKey } from '#lib/engines/postgres/socket.ts';
import { freePort } from './free-port.ts';
import { findPgbouncer, type Pgbouncer, type PgbouncerOptions, prepareAuthQuery, startPgbouncer } from './pgbouncer.ts';
import { placeAt } from './place.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { unprivileged } from './unprivileged.ts';

/** The superuser of a test is not bound by what the test sets for all. */
const NEUTRAL = '-c default_transaction_read_only=off -c statement_timeout=0 -c role=none -c search_path=public';

/** The folder of each version's programs; the embedded one has none of its own. */
const BIN_DIRS = { '18': undefined, '15': '/usr/lib/postgresql/15/bin' } as const;
export type TargetVersion = keyof typeof BIN_DIRS;

/** The versions this machine has. */
export const targetVersions = (Object.keys(BIN_DIRS) as TargetVersion[]).filter((version) => BIN_DIRS[version] === undefined || existsSync(BIN_DIRS[version]));

export interface TargetOptions {
  version?: TargetVersion;
  /** Lines of pg_hba.conf; SCRAM for everybody by default. */
  hba?: string[];
  /** `-c` settings, such as `{ log_statement: 'all' }`. */
  settings?: Record<string, string>;
  /** Offers TLS with it. */
  certificate?: { certPem: string; keyPem: string };
  /** Puts PgBouncer in front. */
  pooler?: 'auth_query' | 'auth_file';
  poolerSettings?: Pick<PgbouncerOptions, 'settings' | 'databases'>;
}

export interface TestTarget {
  /** Makes it a standby that follows nobody: it answers, and takes no changes. Restarts it. */
  becomeStandby: () => Promise<void>;
  /** Where the engine finds it. */
  target: Target;
  superuser: Login;
  superuserUrl: string;
  /** A connection URL of that login; through the pooler where asked. */
  urlOf: (login: Login, endpoint?: 'direct' | 'pooled') => string;
  pooler: Pgbouncer | null;
  /** Ends the pooler as a crash does, if there is one. It comes back with `startPooler`, at the same port. */
  crashPooler: () => Promise<void>;
  startPooler: () => Promise<void>;
  /** All that the server and its pooler logged so far. */
  log: () => string;
  /** Makes a login with a password of its own; `options` are those of CREATE ROLE. An auth_file pooler learns of it. */
  createLogin: (name: string, options?: { password?: string; options?: string }) => Promise<Login>;
  /** Makes a login with the least rights to change that one's password. */
  createRotator: (name: string, of: Login) => Promise<Login>;
  /** Runs SQL as the superuser; rows of the last statement. */
  sql: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** Gives the auth_file pooler the verifiers that the server holds. */
  syncAuthFile: () => Promise<void>;
  /** Offers TLS with another certificate from now on, as after a renewal. Needs one to begin with. */
  replaceCertificate: (certificate: { certPem: string; keyPem: string }) => Promise<void>;
  /** Ends the server: in order, or as in a crash. It comes back with `start`, at the same port. */
  down: (how: 'stop' | 'crash') => Promise<void>;
  start: () => Promise<void>;
  /** Ends server and pooler and removes the data. */
  stop: () => Promise<void>;
}

/** Starts a target; a test file should start one and share it. */
export async function startTarget(options: TargetOptions = {}): Promise<TestTarget> {
  const dir = mkdtempSync(join(tmpdir(), 'rekey-target-'));
  chmodSync(dir, 0o755);
  const port = await freePort();
  const tls = options.certificate ? writeCertificate(dir, options.certificate) : {};
  let log = '';
  const onLog = (text: string) => {
    log += text;
  };
  const launch = () =>
    startPostgres({
      dir,
      port,
      binDir: BIN_DIRS[options.version ?? '18'],
      settings: { fsync: 'off', ...tls, ...options.settings },
      onLog,
      ...(options.hba ? { hba: options.hba } : {}),
    });
  let server: Postgres = await launch();

  const sql = async (text: string, values?: unknown[]) => {
    const client = new pg.Client({ connectionString: server.url, options: NEUTRAL });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  const launchPooler = options.pooler ? await preparePooler(options.pooler, join(dir, 'pooler'), server, onLog, options.poolerSettings) : null;
  let pooler = launchPooler && (await launchPooler());
  const syncAuthFile = async () => {
    // PgBouncer dies of a list that names a user it already knows by auth_query.
    if (options.pooler !== 'auth_file') throw new Error('This target has no auth_file.');
    const rows = await sql('SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL');
    pooler?.writeVerifiers(Object.fromEntries(rows.map(({ rolname, rolpassword }) => [rolname, rolpassword])));
    await pooler?.reload();
  };

  return {
    target: {
      direct: placeAt(port, { host: server.host, database: 'postgres' }),
      pooled: pooler && placeAt(pooler.port, { host: pooler.host, database: 'postgres' }),
    },
    superuser: { user: server.user, password: new Secret(server.password) },
    superuserUrl: server.url,
    urlOf: ({ user, password }, endpoint = 'direct') =>
      `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password.reveal())}@127.0.0.1:${endpoint === 'direct' ? port : pooler?.port}/postgres`,
    pooler,
    log: () => log,
    createLogin: async (name, { password = randomBytes(18).toString('base64url'), options: roleOptions = '' } = {}) => {
      const login = { user: name, password: new Secret(password) };
      const verifier = await makeScramVerifier(login.password, 4096);
      await sql(`CREATE ROLE ${pg.escapeIdentifier(name)} LOGIN PASSWORD ${pg.escapeLiteral(verifier)} ${roleOptions}`);
      if (options.pooler === 'auth_file') await syncAuthFile();
      return login;
    },
    createRotator: async (name, of) => {
      const login = { user: name, password: new Secret(randomBytes(18).toString('base64url')) };
      const [rotator, role] = [name, of.user].map(pg.escapeIdentifier);
      const grant = (options.version ?? '18') === '18' ? `GRANT ${role} TO ${rotator} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE` : '';
      await sql(`CREATE ROLE ${rotator} LOGIN CREATEROLE PASSWORD '${await makeScramVerifier(login.password, 4096)}'; ${grant}`);
      return login;
    },
    sql,
    crashPooler: async () => pooler?.stop('SIGKILL'),
    startPooler: async () => {
      if (launchPooler) pooler = await launchPooler(pooler?.port);
    },
    syncAuthFile,
    down: (how) => (how === 'stop' ? server.stop() : server.crash()),
    start: async () => {
      server = await launch();
    },
    replaceCertificate: async (certificate) => {
      writeCertificate(dir, certificate);
      await sql('SELECT pg_reload_conf()');
      // The server reloads after it has answered.
      const target = { direct: placeAt(port, { mode: 'verify-ca', caPem: certificate.certPem }), pooled: null };
      while ((await readKey(target, 'direct').catch(() => null)) === null) await delay(20);
    },
    becomeStandby: async () => {
      await server.stop();
      writeFileSync(join(dir, 'data', 'standby.signal'), '', { mode: 0o644 });
      server = await launch();
    },
    stop: async () => {
      await pooler?.stop();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function writeCertificate(dir: string, { certPem, keyPem }: { certPem: string; keyPem: string }): Record<string, string> {
  const [cert, key] = [join(dir, 'server.crt'), join(dir, 'server.key')];
  writeFileSync(cert, certPem);
  writeFileSync(key, keyPem, { mode: 0o600 });
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(key, uid, gid);
  return { ssl: 'on', ssl_cert_file: cert, ssl_key_file: key };
}

/** Whether the variants with a pooler can run on this machine. */
export const hasPooler = findPgbouncer() !== null;

/** What starts the pooler, again and again with the same lookup. */
async function preparePooler(
  method: 'auth_query' | 'auth_file',
  dir: string,
  server: Postgres,
  onLog: (text: string) => void,
  settings: TargetOptions['poolerSettings'],
): Promise<(port?: number) => Promise<Pgbouncer>> {
  const lookup = { user: 'pooler_lookup', password: randomBytes(18).toString('base64url') };
  const auth = method === 'auth_query' ? { method, lookup } : { method, verifiers: {} };
  const launch = async (port?: number): Promise<Pgbouncer> => startPgbouncer({ dir, postgres: server, auth, onLog, ...(port && { port }), ...settings });
  try {
    if (method === 'auth_query') await prepareAuthQuery(server.url, lookup);
    return launch;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
