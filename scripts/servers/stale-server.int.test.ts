import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startPostgres } from './postgres.ts';
import { identifyProcess } from './process-identity.ts';
import { stopStalePostgres } from './stale-server.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-stale-'));
  chmodSync(dir, 0o755);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a server left over on the same folder is stopped by the next start', async () => {
  const first = await startPostgres({ dir });
  const second = await startPostgres({ dir });
  expect(identifyProcess(first.pid)).toBeUndefined();
  await second.stop();
});

test('a stranger who got the pid of a pid file is left alone', async () => {
  const stranger = spawn('sleep', ['60']);
  await once(stranger, 'spawn');
  mkdirSync(join(dir, 'data'));
  writeFileSync(join(dir, 'data/postmaster.pid'), `${stranger.pid}\n`);
  await stopStalePostgres(join(dir, 'data'));
  expect(identifyProcess(stranger.pid ?? 0)).toBeDefined();
  stranger.kill();
});
