// The packed file as somebody installs it elsewhere: an empty folder, the oldest Node.js around, no repository.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { keyHeaders } from '#scripts/testing/call-api.ts';
import { type RunningWorker, runWorker } from '#scripts/testing/run-worker.ts';
import { type ServedApi, serveApi } from '#scripts/testing/serve-api.ts';
import { root } from './run-tool.ts';
import { freePort } from './servers/free-port.ts';
import { startTarget, type TestTarget } from './servers/test-target.ts';

let server: TestTarget;
let worker: RunningWorker;
let api: ServedApi;
let folder: string;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-installed-'));
  port = await freePort();
  [server, api] = await Promise.all([startTarget(), serveApi(port)]);
  worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  await worker.ready;
});
afterAll(async () => {
  await worker?.stop();
  await api?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A shell that finds nothing of the repository: neither its programs nor its Node.js. */
async function shell(line: string, input = ''): Promise<{ stdout: string; stderr: string }> {
  const path = (process.env.PATH ?? '').split(':').filter((entry) => !entry.startsWith(root) && !entry.includes('node_modules'));
  const run = promisify(execFile)('bash', ['-euo', 'pipefail', '-c', line], {
    cwd: join(folder, 'empty'),
    env: { NODE_ENV: 'test', PATH: ['./node_modules/.bin', ...path].join(':'), HOME: folder, npm_config_cache: join(folder, 'npm') },
  });
  run.child.stdin?.end(input);
  return run;
}

it('logs in, rotates and prints a URL that psql takes, installed from the packed file alone', { timeout: 180_000 }, async () => {
  const login = await server.createLogin('packed_app');
  const { context, projectId } = await adopt({ target: server.target, login });
  await db.project.update({ where: { id: projectId }, data: { slug: 'shop' } });
  const { authorization } = await keyHeaders(context.organizationId);
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/pack-cli.ts', folder], { cwd: root });

  mkdirSync(join(folder, 'empty'));
  await shell(`npm install --offline --no-audit --no-fund '${stdout.trim()}'`);
  expect(readdirSync(join(folder, 'empty/node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@rekey']);
  await shell(`rekey login 127.0.0.1:${port}`, authorization.replace('Bearer ', ''));
  const rotated = await shell('rekey rotate shop --wait --reason routine');
  expect(rotated.stderr).toContain('Only the new password works.');
  expect((await shell('psql -AtXc "SELECT current_user" "$(rekey connection-string shop)"')).stdout).toBe('packed_app\n');
  expect(await db.credential.count({ where: { loginName: 'packed_app', state: 'current', version: 2 } })).toBe(1);
});
