// `npm start` itself: what it leaves behind when it is killed, and what it leaves when it is asked to stop.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#scripts/servers/free-port.ts';
import { livePid } from '#scripts/servers/process-identity.ts';
import { expect, test } from './fixtures.ts';

test.setTimeout(120_000);

let dataDir: string;
const launchers: ChildProcess[] = [];

test.beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'rekey-launch-'));
  chmodSync(dataDir, 0o755);
});
test.afterEach(async () => {
  for (const launcher of launchers.splice(0)) await end(launcher, 'SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the launcher; `said` resolves with all it printed once the text is there, or when it ended. */
async function launch(port: number): Promise<{ launcher: ChildProcess; said: (text: string) => Promise<string> }> {
  const launcher = spawn(process.execPath, ['scripts/start.mjs', '--data', dataDir, '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  launchers.push(launcher);
  let output = '';
  launcher.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const said = async (text: string) => {
    while (!output.includes(text) && launcher.exitCode === null) await Promise.race([once(launcher.stdout ?? launcher, 'data'), once(launcher, 'exit')]);
    return output;
  };
  return { launcher, said };
}

/** Its exit code, once it has ended; null after a signal that it did not answer. */
async function ended(launcher: ChildProcess): Promise<number | null> {
  if (launcher.exitCode === null && launcher.signalCode === null) await once(launcher, 'exit');
  return launcher.exitCode;
}

function end(launcher: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  launcher.kill(signal);
  return ended(launcher);
}

const recorded = (): string[] => JSON.parse(readFileSync(join(dataDir, 'processes.json'), 'utf8'));
const alive = (identities: string[]): string[] => identities.filter((identity) => livePid(identity) !== undefined);

test('a second one is refused, a killed one is cleared away, a stopped one leaves nothing', async ({ request }) => {
  const port = await freePort();
  const first = await launch(port);
  expect(await first.said('Ctrl-C stops everything')).toContain('Rekey is ready');

  const second = await launch(await freePort());
  expect(await second.said('already runs')).toContain(`as process ${first.launcher.pid}`);
  expect(await ended(second.launcher)).toBe(1);

  const orphans = recorded();
  await end(first.launcher, 'SIGKILL');
  expect(alive(orphans).length).toBeGreaterThan(0);

  const third = await launch(port);
  expect(await third.said('Ctrl-C stops everything')).toContain('Rekey is ready');
  expect(alive(orphans)).toEqual([]);
  expect((await request.get(`http://127.0.0.1:${port}/api/health`)).status()).toBe(200);

  const parts = recorded();
  expect(await end(third.launcher, 'SIGTERM')).toBe(0);
  expect(alive(parts)).toEqual([]);
});

test('when a part dies, the launcher names it, stops the others and fails', async () => {
  const { launcher, said } = await launch(await freePort());
  await said('Ctrl-C stops everything');
  const parts = recorded();
  // The newest is the worker.
  process.kill(livePid(parts[0] ?? '') ?? 0, 'SIGKILL');
  expect(await ended(launcher)).toBe(1);
  expect(await said('The worker ended')).toContain('The worker ended by itself (SIGKILL)');
  expect(alive(parts)).toEqual([]);
});
