import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { identifyProcess, livePid } from '#scripts/servers/process-identity.ts';
import type { Part } from './parts.ts';
import { restartDelayMs, superviseParts } from './supervisor.ts';

let dir: string;
let said: string[];
let failures: string[];
let supervisor: ReturnType<typeof superviseParts>;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-parts-'));
  said = [];
  failures = [];
  supervisor = superviseParts(
    dir,
    (why) => failures.push(why),
    (text) => said.push(text),
  );
});
afterEach(async () => {
  await supervisor.stop();
  rmSync(dir, { recursive: true, force: true });
});

const started: ChildProcess[] = [];
beforeEach(() => {
  started.length = 0;
});

/** A part that lives until it is killed, or one that ends at once. */
function sleeper(name: string, seconds = '600'): Part {
  const child = spawn('sleep', [seconds], { stdio: 'ignore' });
  started.push(child);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { name, child, stop };
}

const recorded = (): string[] => JSON.parse(readFileSync(join(dir, 'processes.json'), 'utf8'));
const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

test('starts a killed part again, says so, and leaves the others alone', async () => {
  const web = await supervisor.keep(() => sleeper('web server'));
  const worker = await supervisor.keep(() => sleeper('worker'));
  supervisor.ready();
  process.kill(web.child.pid ?? 0, 'SIGKILL');
  await until(() => expect(started).toHaveLength(3));
  expect(said).toEqual(['The web server ended by itself (SIGKILL). Starting it again; everything else keeps running.']);
  expect(worker.child.exitCode ?? worker.child.signalCode).toBe(null);
  await until(() => expect(recorded()).toEqual([identifyProcess(worker.child.pid ?? 0), identifyProcess(started[2]?.pid ?? 0)]));
  expect(failures).toEqual([]);
  const parts = recorded();
  await supervisor.stop();
  expect(parts.filter((identity) => livePid(identity) !== undefined)).toEqual([]);
});

test('goes on trying a part that does not start', async () => {
  let tries = 0;
  const start = () => {
    tries += 1;
    if (tries === 2) throw new Error('no room');
    return sleeper('worker');
  };
  const { child } = await supervisor.keep(start);
  supervisor.ready();
  child.kill('SIGKILL');
  await until(() => expect(started).toHaveLength(2));
  expect(said[1]).toBe('The worker did not start (no room). Starting it again; everything else keeps running.');
});

test('ends a launch whose part ends before Rekey was ready, but not for the demonstration', async () => {
  await supervisor.keep(() => sleeper('demo PgBouncer', '0'), { isDemo: true });
  await until(() => expect(said[0]).toContain('The demo PgBouncer ended by itself (exit code 0). Starting it again'));
  expect(failures).toEqual([]);
  await supervisor.keep(() => sleeper('worker', '0'));
  await until(() => expect(failures).toEqual(['The worker ended by itself (exit code 0) before Rekey was ready.']));
});

test('a stop cuts the wait for another start short and starts nothing', async () => {
  await supervisor.keep(() => sleeper('worker'));
  supervisor.ready();
  // The first restart has no wait.
  for (const end of [1, 2]) {
    await until(() => expect(started).toHaveLength(end));
    started.at(-1)?.kill('SIGKILL');
    await until(() => expect(said).toHaveLength(end));
  }
  await supervisor.stop();
  expect(started).toHaveLength(2);
  await expect(supervisor.keep(() => sleeper('worker'))).rejects.toThrow('abort');
});

test('waits longer the more often a part has ended within a minute', () => {
  expect([1, 2, 5, 6, 7, 8, 20].map(restartDelayMs)).toEqual([0, 250, 250, 2_000, 4_000, 8_000, 30_000]);
});

test('keeps its parts and stops them at a signal, though what read its output has ended', async () => {
  const launcher = `
    const { spawn } = await import('node:child_process');
    const { once } = await import('node:events');
    const { supervise } = await import('./scripts/launcher/supervisor.ts');
    supervise(${JSON.stringify(dir)}, async ({ keep }) => {
      const { child } = await keep(() => {
        const child = spawn('sleep', ['600'], { stdio: 'ignore' });
        return { name: 'worker', child, stop: async () => { child.kill(); await once(child, 'exit'); } };
      });
      process.once('message', async () => {
        for (let n = 0; n < 5; n++) {
          console.log(n);
          console.error(n);
          await new Promise(setImmediate);
        }
        process.kill(process.pid, 'SIGTERM');
      });
      process.send(child.pid);
    }, () => {});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', launcher], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const [pid] = await once(child, 'message');
  const part = identifyProcess(pid) ?? '';
  expect(livePid(part)).toBeDefined();
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  const exited = once(child, 'exit');
  child.send('write');
  expect(await exited).toEqual([0, null]);
  expect(livePid(part)).toBeUndefined();
});
