// Starts Pgpool-II, a pooler that keeps passwords of its own, in front of a PostgreSQL server.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { findProgram } from './place.ts';
import { stopStaleServer } from './stale-server.ts';
import { refuseClosedFolder, unprivileged } from './unprivileged.ts';

export interface PgpoolOptions {
  dir: string;
  postgres: { host: string; port: number };
  /** Its own copy of each user's password, in plain text. */
  passwords: Record<string, string>;
  onLog?: (text: string) => void;
}

export interface Pgpool {
  host: string;
  port: number;
  stop: () => Promise<void>;
}

/** The program, or null where it is not installed. */
export const findPgpool = (): string | null => findProgram('pgpool');

/** Starts Pgpool-II on loopback, asking by SCRAM, and resolves when it takes connections. */
export async function startPgpool({ dir, postgres, passwords, onLog }: PgpoolOptions): Promise<Pgpool> {
  const program = findPgpool();
  if (!program) throw new Error('Pgpool-II is not installed.');
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  refuseClosedFolder(dir);
  const pidFile = join(dir, 'pgpool.pid');
  await stopStaleServer(pidFile, dir, 'SIGINT');
  const [port, pcpPort] = [await freePort(), await freePort()];
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    pcp_listen_addresses: '127.0.0.1',
    pcp_port: String(pcpPort),
    socket_dir: dir,
    pcp_socket_dir: dir,
    wd_ipc_socket_dir: dir,
    backend_clustering_mode: 'raw',
    backend_hostname0: postgres.host,
    backend_port0: String(postgres.port),
    backend_weight0: '1',
    enable_pool_hba: 'on',
    pool_passwd: 'pool_passwd',
    num_init_children: '4',
    max_pool: '1',
    health_check_period: '0',
    pid_file_name: pidFile,
    logdir: dir,
  };
  const file = (name: string, lines: string[]) => {
    writeFileSync(join(dir, name), `${lines.join('\n')}\n`, { mode: 0o600 });
    return own(join(dir, name));
  };
  const config = file(
    'pgpool.conf',
    Object.entries(settings).map(([name, value]) => `${name} = '${value}'`),
  );
  const hba = file('pool_hba.conf', ['host all all 127.0.0.1/32 scram-sha-256']);
  const pcp = file('pcp.conf', []);
  file(
    'pool_passwd',
    Object.entries(passwords).map(([user, password]) => `${user}:TEXT${password}`),
  );
  own(dir);
  const child = spawn(program, ['-n', '-f', config, '-a', hba, '-F', pcp], {
    ...unprivileged(),
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  await ready(child, onLog);
  return {
    host: '127.0.0.1',
    port,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // Fast: open sessions are ended.
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

function own(path: string): string {
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  return path;
}

function ready(child: ChildProcess, onLog?: (text: string) => void): Promise<void> {
  return new Promise((ok, fail) => {
    let tail = '';
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`pgpool exited with ${code}: ${tail}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk).slice(-4000);
      onLog?.(String(chunk));
      if (tail.includes('pgpool-II successfully started')) ok();
    });
  });
}
