// `npm start` itself: what it leaves behind when it is killed, and what it leaves when it is asked to stop.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAUNCHED_FOR, programEnv } from '#scripts/servers/child-env.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { commandLine, findByEnvironment, livePid } from '#scripts/servers/process-identity.ts';
import { expect, test } from './fixtures.ts';

test.setTimeout(300_000);

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
async function launch(port: number, settings: Record<string, string> = {}): Promise<{ launcher: ChildProcess; said: (text: string) => Promise<string> }> {
  const launcher = spawn(process.execPath, ['scripts/start.mjs', '--data', dataDir, '--port', String(port)], {
    env: { ...programEnv(), REKEY_DEMO: 'project', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  launchers.push(launcher);
  let output = '';
  launcher.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  let isOver = false;
  const over = once(launcher, 'exit').then(() => {
    isOver = true;
  });
  const said = async (text: string) => {
    while (!output.includes(text) && !isOver) await Promise.race([once(launcher.stdout ?? launcher, 'data'), over]);
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

const draftsIn = (folder: string): string[] => readdirs(join(dataDir, folder)).filter((name) => /\.(new|unfinished)/.test(name));
const readdirs = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);

test('a first start that is killed anywhere is followed by one that gets ready', async ({ request }) => {
  const port = await freePort();
  type Said = (text: string) => Promise<unknown>;
  const moments: ((said: Said) => Promise<unknown>)[] = [
    () => expect.poll(() => draftsIn('control'), { intervals: [5], timeout: 60_000 }).toHaveLength(1),
    (said) => said('Bringing the database up to date'),
    () => expect.poll(() => draftsIn('demo'), { intervals: [5], timeout: 60_000 }).toHaveLength(1),
    (said) => said('Starting the web server'),
  ];
  for (const reached of moments) {
    const { launcher, said } = await launch(port);
    await reached(said);
    await end(launcher, 'SIGKILL');
  }
  const { launcher, said } = await launch(port);
  expect(await said('Ctrl-C stops everything')).toContain('Rekey is ready');
  expect(await said('The project "shop"')).not.toContain('demonstration did not start');
  expect((await request.get(`http://127.0.0.1:${port}/api/health`)).status()).toBe(200);
  expect(await end(launcher, 'SIGTERM')).toBe(0);
  expect(findByEnvironment(`${LAUNCHED_FOR}=${dataDir}`)).toEqual([]);
  expect(['', 'control', 'demo'].flatMap(draftsIn)).toEqual([]);
});

/** The process that runs this program on the data folder, of those that the launcher wrote down. */
const pidOf = (program: string): number => {
  const pids = recorded().flatMap((identity) => livePid(identity) ?? []);
  return pids.find((pid) => commandLine(pid).includes(program)) ?? 0;
};

test('a part that is killed comes back by itself, of the demonstration too, and a stop leaves nothing', async ({ request }) => {
  const port = await freePort();
  const { launcher, said } = await launch(port);
  await said('Ctrl-C stops everything');
  const health = async () => (await request.get(`http://127.0.0.1:${port}/api/health`).catch(() => null))?.status();
  for (const [name, program] of [
    ['demo PgBouncer', 'pgbouncer.ini'],
    ['demo database', join(dataDir, 'demo/data')],
    ['worker', 'workers/main.ts'],
    ['web server', 'scripts/web.ts'],
    ['control database', join(dataDir, 'control/data')],
  ] as const) {
    const killed = pidOf(program);
    process.kill(killed, 'SIGKILL');
    await said(`The ${name} ended by itself (SIGKILL). Starting it again`);
    await expect.poll(() => [0, killed].includes(pidOf(program)), { timeout: 30_000 }).toBe(false);
    await expect.poll(health, { timeout: 30_000 }).toBe(200);
  }
  const parts = recorded();
  expect(await end(launcher, 'SIGTERM')).toBe(0);
  expect(alive(parts)).toEqual([]);
});

/** All processes that descend from one, itself left out. */
function descendants(pid: number): number[] {
  const children = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && parentOf(Number(entry)) === pid);
  return children.flatMap((child) => [Number(child), ...descendants(Number(child))]);
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
const parentOf = (pid: number): number => Number(read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1]);

test('no child is given what it does not need of the environment', async () => {
  const secrets = {
    REKEY_INIT_EMAIL: 'first@example.com',
    REKEY_INIT_PASSWORD: 'only-at-the-first-run',
    REKEY_INIT_API_KEY: 'k'.repeat(40),
    CLOUD_TOKEN: 'of something else',
  };
  const ofRekey = /^(DATABASE_URL|NEXTAUTH_\w+|VAULT_\w+|REKEY_(?!LAUNCHED_FOR)\w+)=/;
  const { launcher, said } = await launch(await freePort(), secrets);
  await said('Ctrl-C stops everything');
  const pids = [...(process.execve ? [launcher.pid ?? 0] : []), ...descendants(launcher.pid ?? 0)];
  const seen = pids.map((pid) => ({ program: commandLine(pid), variables: read(`/proc/${pid}/environ`).split('\0') }));
  for (const program of ['scripts/web.ts', 'workers/main.ts', 'demo/data', 'control/data', 'pgbouncer.ini']) {
    expect(seen.filter((one) => one.program.includes(program))).not.toEqual([]);
  }
  for (const { program, variables } of seen) {
    expect(
      variables.filter((entry) => entry.startsWith('REKEY_INIT_')),
      program,
    ).toEqual([]);
    // The launcher itself keeps the environment it was started with.
    if (/scripts\/(start|launch)/.test(program)) continue;
    expect(variables.filter((entry) => entry.startsWith('CLOUD_TOKEN='))).toEqual([]);
    if (!/scripts\/web|workers\/main/.test(program))
      expect(
        variables.filter((entry) => ofRekey.test(entry)),
        program,
      ).toEqual([]);
  }
});

test('the documented reset calls work on the demonstration site, word for word', async ({ request }) => {
  const port = await freePort();
  const init = { REKEY_INIT_EMAIL: 'owner@example.com', REKEY_INIT_PASSWORD: 'a long one, for the first run', REKEY_INIT_API_KEY: 'k'.repeat(40) };
  const { launcher, said } = await launch(port, { ...init, REKEY_DEMO: '' });
  // The first page does not wait for the site.
  expect(await said('Ctrl-C stops everything')).not.toContain('The site 12345');
  expect(await said('The site 12345')).toContain('The site 12345 is a demonstration');
  const configPath = join(dataDir, 'demo-site/wp-config.php');
  const passwordInFile = () => /DB_PASSWORD', '([^']+)'/.exec(readFileSync(configPath, 'utf8'))?.[1];
  const before = passwordInFile();
  for (const [call, path] of [
    ['curl -X POST "https://api.builtfast.dev/api/v1/vector/sites/12345/database/reset-password"', 'development'],
    ['curl -X POST "https://api.builtfast.dev/api/v1/vector/sites/12345/environments/67890/database/reset-password"', 'environment'],
  ] as const) {
    const url = /"(.+)"/.exec(call)?.[1]?.replace('https://api.builtfast.dev', `http://127.0.0.1:${port}`) ?? '';
    const answer = await request.post(url, { headers: { authorization: `Bearer ${init.REKEY_INIT_API_KEY}` } });
    const body = await answer.json();
    expect([path, answer.status(), body.message]).toEqual([path, 200, 'Database password reset successfully']);
    if (path === 'development') expect(passwordInFile()).toBe(body.data.db_password);
    else expect(body.data).toMatchObject({ id: '67890', valid_versions: [1, 2] });
  }
  expect(passwordInFile()).not.toBe(before);
  expect(await end(launcher, 'SIGTERM')).toBe(0);
  expect(findByEnvironment(`${LAUNCHED_FOR}=${dataDir}`)).toEqual([]);
});
