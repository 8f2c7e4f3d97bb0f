// Starts PgBouncer, a pooler, in front of a PostgreSQL server.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { serverEnv } from './child-env.ts';
import { freePort } from './free-port.ts';
import { findProgram } from './place.ts';
import { stopStaleServer } from './stale-server.ts';
import { refuseClosedFolder, unprivileged } from './unprivileged.ts';

const ADMIN = 'pooler_admin';

export interface PgbouncerOptions {
  /** The folder of its configuration and user list. */
  dir: string;
  port?: number;
  postgres: { host: string; port: number };
  /**
   * Where it finds the verifiers: `auth_query` asks the server at each login, by the login that `prepareAuthQuery` made;
   * `auth_file` reads a list of its own, at the start and at each reload.
   */
  auth: { method: 'auth_query'; lookup: { user: string; password: string } } | { method: 'auth_file'; verifiers: Record<string, string> };
  /** Further lines of its configuration, such as `{ max_client_conn: '2' }`. */
  settings?: Record<string, string>;
  /** Databases under names of their own, such as `{ shop: 'dbname=postgres user=shop' }`; all others go to the server as they are. */
  databases?: Record<string, string>;
  /** Whether it serves the databases that are named, and no others. */
  isListed?: boolean;
  onLog?: (text: string) => void;
}

export interface Pgbouncer {
  host: string;
  port: number;
  child: ChildProcess;
  /** Rows of a command of its console, such as `SHOW CLIENTS`. */
  admin: (command: string) => Promise<Record<string, unknown>[]>;
  /** Rewrites the user list in one step; it counts from the next reload on. */
  writeVerifiers: (verifiers: Record<string, string>) => void;
  reload: () => Promise<void>;
  /** Hangs up on everybody at once. */
  stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

/** The program, or null where it is not installed. */
export const findPgbouncer = (): string | null => findProgram('pgbouncer');

/**
 * Makes the login and the function by which PgBouncer looks up verifiers, in the database of the URL; repeatable.
 * The function answers for logins that have not expired, and to that login alone.
 */
export async function prepareAuthQuery(superuserUrl: string, lookup: { user: string; password: string }): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  const user = pg.escapeIdentifier(lookup.user);
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [lookup.user]);
    if (!rowCount) await client.query(`CREATE ROLE ${user} LOGIN`);
    await client.query(`
      ALTER ROLE ${user} PASSWORD ${pg.escapeLiteral(lookup.password)};
      CREATE SCHEMA IF NOT EXISTS pooler;
      CREATE OR REPLACE FUNCTION pooler.lookup(INOUT login text, OUT verifier text) RETURNS SETOF record
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
          SELECT rolname, rolpassword FROM pg_authid
          WHERE rolname = $1 AND rolcanlogin AND coalesce(rolvaliduntil > now(), true)
        $$;
      REVOKE ALL ON FUNCTION pooler.lookup(text) FROM PUBLIC;
      GRANT USAGE ON SCHEMA pooler TO ${user};
      GRANT EXECUTE ON FUNCTION pooler.lookup(text) TO ${user};`);
  } finally {
    await client.end();
  }
}

/** Starts PgBouncer on loopback, one server connection a transaction, and resolves when it listens. */
export async function startPgbouncer(options: PgbouncerOptions): Promise<Pgbouncer> {
  const program = findPgbouncer();
  if (!program) throw new Error('PgBouncer is not installed.');
  const { dir, auth, onLog } = options;
  const port = options.port ?? (await freePort());
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  refuseClosedFolder(dir);
  const files = { ini: join(dir, 'pgbouncer.ini'), users: join(dir, 'users.txt'), pid: join(dir, 'pgbouncer.pid') };
  await stopStaleServer(files.pid, files.ini, 'SIGTERM');

  const admin = { user: ADMIN, password: randomBytes(18).toString('base64url') };
  const writeVerifiers = (verifiers: Record<string, string>) => writeUsers(files.users, { ...verifiers, [admin.user]: admin.password });
  writeVerifiers(auth.method === 'auth_file' ? auth.verifiers : { [auth.lookup.user]: auth.lookup.password });
  ownedFile(files.ini, configuration(options, port, files));
  // It writes its pid file itself.
  own(dir);

  const child = spawn(program, [files.ini], { ...unprivileged(), cwd: dir, env: serverEnv(), stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  await ready(child, onLog);
  const ask = async (command: string) => {
    const client = new pg.Client({ ...admin, host: '127.0.0.1', port, database: 'pgbouncer' });
    await client.connect();
    try {
      return (await client.query(command)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    host: '127.0.0.1',
    port,
    child,
    admin: ask,
    writeVerifiers,
    reload: async () => void (await ask('RELOAD')),
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

function configuration({ postgres, auth, settings, databases, isListed }: PgbouncerOptions, port: number, files: { users: string; pid: string }): string {
  const lookup = { auth_user: auth.method === 'auth_query' ? auth.lookup.user : '', auth_query: 'SELECT login, verifier FROM pooler.lookup($1)' };
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    pidfile: files.pid,
    auth_type: 'scram-sha-256',
    auth_file: files.users,
    ...(auth.method === 'auth_query' ? lookup : {}),
    admin_users: ADMIN,
    pool_mode: 'transaction',
    max_db_connections: 20,
    ignore_startup_parameters: 'extra_float_digits',
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  const server = `host=${postgres.host} port=${postgres.port}`;
  const entries = Object.entries(isListed ? { ...databases } : { '*': '', ...databases }).map(([name, extra]) => `${name} = ${server} ${extra}`);
  return `[databases]\n${entries.join('\n')}\n\n[pgbouncer]\n${lines.join('\n')}\n`;
}

function own(path: string): void {
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function ownedFile(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
  own(path);
}

function writeUsers(path: string, users: Record<string, string>): void {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = Object.entries(users).map(([user, secret]) => `${quote(user)} ${quote(secret)}`);
  // A reader sees the old list or the new one, never half of one.
  ownedFile(`${path}.new`, `${lines.join('\n')}\n`);
  renameSync(`${path}.new`, path);
}

function ready(child: ChildProcess, onLog?: (text: string) => void): Promise<void> {
  return new Promise((ok, fail) => {
    let tail = '';
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`pgbouncer exited with ${code}: ${tail}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk).slice(-4000);
      onLog?.(String(chunk));
      if (tail.includes('process up:')) ok();
    });
  });
}
