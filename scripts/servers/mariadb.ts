// Starts a MariaDB server of its own with the programs that the system has.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { serverEnv } from './child-env.ts';
import { freePort } from './free-port.ts';
import { findProgram } from './place.ts';
import { stopStaleServer } from './stale-server.ts';
import { refuseClosedFolder, unprivileged } from './unprivileged.ts';

/** The login that may do everything. */
export const MARIADB_ADMIN = 'admin';

export interface MariadbOptions {
  /** The folder of the data and of the admin's password; kept for the next start. */
  dir: string;
  port?: number;
  /** Options of the server, such as `{ 'log-bin': 'bin' }`. */
  settings?: Record<string, string>;
  /** Gets the server's error log as it is written. */
  onLog?: (text: string) => void;
}

export interface Mariadb {
  host: string;
  port: number;
  /** The password of `MARIADB_ADMIN`. */
  password: Secret;
  child: ChildProcess;
  /** Shutdown in order: open sessions are ended. */
  stop: () => Promise<void>;
  /** SIGKILL; recovery runs at the next start. */
  crash: () => Promise<void>;
}

/** The server program, or null where it is not installed. */
export const findMariadb = (): string | null => findProgram('mariadbd');

/** Small and quick rather than fast under load. */
const SETTINGS = {
  'bind-address': '127.0.0.1',
  'skip-name-resolve': '1',
  'character-set-server': 'utf8mb4',
  'default-time-zone': '+00:00',
  'innodb-log-file-size': '4M',
  'innodb-buffer-pool-size': '16M',
  'performance-schema': 'OFF',
};

const flagsOf = (settings: Record<string, string>): string[] => Object.entries(settings).map(([name, value]) => `--${name}=${value}`);

function own(path: string): void {
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function ownedFile(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
  own(path);
}

/** Makes the data folder beside its place and moves it there once it is complete: a start that is killed leaves none. */
async function initialise(data: string): Promise<void> {
  const program = findProgram('mariadb-install-db');
  if (!program) throw new Error('mariadb-install-db is not installed.');
  // A name of its own: a program whose starter was killed may still be writing to the former one.
  const draft = `${data}.new-${randomBytes(4).toString('hex')}`;
  mkdirSync(draft, { mode: 0o700 });
  own(draft);
  // A server that starts removes the temporary tables of all others from a folder they share.
  const args = [
    '--no-defaults',
    `--datadir=${draft}`,
    `--tmpdir=${draft}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--innodb-log-file-size=4M',
  ];
  await promisify(execFile)(program, args, { ...unprivileged(), cwd: draft, env: serverEnv() }).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`mariadb-install-db failed: ${`${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message}`, { cause: error });
  });
  rmSync(data, { recursive: true, force: true });
  renameSync(draft, data);
}

/** Run at each start, one statement a line: a login of ours by TCP, and none without a password. */
function writeInit(path: string, password: Secret): void {
  const lines = [
    `CREATE OR REPLACE USER '${MARIADB_ADMIN}'@'%' IDENTIFIED VIA mysql_native_password USING '${makeNativeHash(password)}'`,
    `GRANT ALL ON *.* TO '${MARIADB_ADMIN}'@'%' WITH GRANT OPTION`,
    "DELETE FROM mysql.global_priv WHERE User = 'root'",
    'FLUSH PRIVILEGES',
  ];
  ownedFile(path, `${lines.join(';\n')};\n`);
}

/**
 * Starts MariaDB on loopback and resolves when it accepts connections.
 * A server left over on the same folder (its starter was killed) is stopped first.
 */
export async function startMariadb(options: MariadbOptions): Promise<Mariadb> {
  const program = findMariadb();
  if (!program) throw new Error('MariaDB is not installed.');
  const dir = resolve(options.dir);
  const port = options.port ?? (await freePort());
  const files = { data: join(dir, 'data'), password: join(dir, 'password'), init: join(dir, 'init.sql') };
  const pidFile = join(files.data, 'mariadb.pid');
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  refuseClosedFolder(dir);
  if (!existsSync(files.password)) ownedFile(files.password, randomBytes(18).toString('base64url'));
  const password = new Secret(readFileSync(files.password, 'utf8'));
  await stopStaleServer(pidFile, files.data, 'SIGTERM');
  for (const name of readdirSync(dir)) if (name.startsWith('data.new-')) rmSync(join(dir, name), { recursive: true, force: true, maxRetries: 5 });
  if (!existsSync(join(files.data, 'mysql'))) await initialise(files.data);
  writeInit(files.init, password);

  const places = {
    datadir: files.data,
    tmpdir: files.data,
    port: String(port),
    socket: join(files.data, 'socket'),
    'pid-file': pidFile,
    'init-file': files.init,
  };
  // Its own process group: Ctrl-C in the terminal reaches the launcher, which stops the server last.
  const child = spawn(program, ['--no-defaults', ...flagsOf({ ...SETTINGS, ...places, ...options.settings })], {
    ...unprivileged(),
    cwd: files.data,
    env: serverEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  await ready(child, options.onLog);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return { host: '127.0.0.1', port, password, child, stop: () => end('SIGTERM'), crash: () => end('SIGKILL') };
}

function ready(child: ChildProcess, onLog?: (text: string) => void): Promise<void> {
  return new Promise((ok, fail) => {
    let tail = '';
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`mariadbd exited with ${code}: ${tail}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk).slice(-4000);
      onLog?.(String(chunk));
      if (tail.includes('ready for connections')) ok();
    });
  });
}
