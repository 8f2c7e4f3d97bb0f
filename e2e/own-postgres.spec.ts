// The recipe "On your own PostgreSQL" of docs/operations.md.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { programEnv } from '#scripts/servers/child-env.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { type ControlDatabase, startThrowAwayPostgres } from '#scripts/testing/control-database.ts';
import { expect, test } from './fixtures.ts';

test.setTimeout(120_000);

const key = `rk_live_${randomBytes(24).toString('hex')}`;
const running: ChildProcess[] = [];
let own: ControlDatabase;
let dataDir: string;
let settings: NodeJS.ProcessEnv;

test.beforeAll(async () => {
  own = await startThrowAwayPostgres();
  dataDir = mkdtempSync(join(tmpdir(), 'rekey-own-'));
  chmodSync(dataDir, 0o755);
  const admin = new pg.Client({ connectionString: own.url });
  await admin.connect();
  await admin.query(`CREATE ROLE rekey LOGIN PASSWORD 'secret'`);
  await admin.query('CREATE DATABASE rekey OWNER rekey');
  await admin.end();
  settings = {
    ...programEnv(),
    DATABASE_URL: Object.assign(new URL(own.url), { username: 'rekey', password: 'secret', pathname: '/rekey' }).href,
    REKEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
    NEXTAUTH_URL: 'https://rekey.example.com',
    REKEY_INIT_API_KEY: key,
  };
});
test.afterAll(async () => {
  for (const child of running) await end(child);
  await own.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function run(args: string[], port?: number): ChildProcess {
  const child = spawn(process.execPath, args, { env: { ...settings, ...(port && { PORT: String(port) }) }, stdio: ['ignore', 'ignore', 'inherit'] });
  running.push(child);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

test('npm start prepares it, and any web server and worker serve it from then on', async ({ request }) => {
  const ports = [await freePort(), await freePort()];
  const health = async (port = 0) => (await request.get(`http://127.0.0.1:${port}/api/health`).catch(() => null))?.text();
  const launcher = run(['scripts/start.mjs', '--data', dataDir, '--port', String(ports[0])]);
  await expect.poll(() => health(ports[0]), { timeout: 60_000 }).toContain('1 worker is alive');

  run(['scripts/web.ts'], ports[1]);
  run(['--import', './scripts/require-settings.ts', 'workers/main.ts']);
  await expect.poll(() => health(ports[1]), { timeout: 30_000 }).toContain('2 workers are alive');

  await end(launcher);
  await expect.poll(() => health(ports[1])).toContain('1 worker is alive');
  const me = await request.get(`http://127.0.0.1:${ports[1]}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  expect(await me.json()).toMatchObject({ principal: { auth_source: 'api_key' } });
});
