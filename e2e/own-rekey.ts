import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { programEnv } from '#scripts/servers/child-env.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { commandLine, livePid } from '#scripts/servers/process-identity.ts';

/** A Rekey of a test's own, begun as a newcomer begins: `npm start` on an empty folder. */
export interface OwnRekey {
  url: string;
  /** The one-time link that makes the owner. */
  setUpUrl: string;
  /** Stops it and starts it again on the same folder, with these settings beside those it had. */
  restart: (settings: Record<string, string>) => Promise<void>;
  /** The worker stands still, as on a machine that is asleep, and the store has not heard of it for an hour. */
  pauseWorker: () => Promise<void>;
  resumeWorker: () => void;
  /** Runs one statement in Rekey's own database. */
  sql: (text: string) => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts it without a demonstration. */
export async function startOwnRekey(settings: Record<string, string> = {}): Promise<OwnRekey> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rekey-walk-'));
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  let given = settings;
  let running: ChildProcess;
  const start = async (): Promise<string> => {
    running = spawn(process.execPath, ['scripts/start.mjs', '--data', dataDir, '--port', String(port)], {
      env: { ...programEnv(), REKEY_DEMO: '0', ...given },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const over = once(running, 'exit').then(() => {
      throw new Error(`Rekey did not start:\n${output}`);
    });
    let output = '';
    for (const stream of [running.stdout, running.stderr]) stream?.on('data', (chunk) => (output += chunk));
    while (!output.includes('Ctrl-C stops everything')) await Promise.race([once(running.stdout ?? running, 'data'), over]);
    over.catch(() => undefined);
    return output;
  };
  const stop = async () => {
    if (running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGTERM');
    await once(running, 'exit');
  };
  const sql = async (text: string) => {
    const { control } = JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8')) as { control: number };
    const password = readFileSync(join(dataDir, 'control/password'), 'utf8');
    const client = new pg.Client({ connectionString: `postgresql://postgres:${password}@127.0.0.1:${control}/rekey` });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  const worker = (): number => {
    const identities = JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8')) as string[];
    const pid = identities.map((identity) => livePid(identity) ?? 0).find((candidate) => commandLine(candidate).includes('workers/main.ts'));
    if (!pid) throw new Error('There is no worker.');
    return pid;
  };
  const setUpUrl = /http:\/\/\S+\/setup\?token=[\w-]+/.exec(await start())?.[0] ?? '';
  return {
    url: `http://127.0.0.1:${port}`,
    setUpUrl,
    restart: async (more) => {
      await stop();
      given = { ...given, ...more };
      await start();
    },
    pauseWorker: async () => {
      process.kill(worker(), 'SIGSTOP');
      await sql(`UPDATE workers SET beat_at = now() - interval '1 hour'`);
    },
    resumeWorker: () => process.kill(worker(), 'SIGCONT'),
    sql,
    stop: async () => {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
