import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyProcess } from '#scripts/servers/process-identity.ts';
import { takeDataLock } from './data-lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a second launcher is refused with the pid of the first', () => {
  takeDataLock(dir);
  expect(() => takeDataLock(dir)).toThrow(`process ${process.pid}`);
});

test('the release leaves nothing behind', () => {
  takeDataLock(dir)();
  expect(readdirSync(dir)).toEqual([]);
});

test('the lock of a dead process is taken over', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  writeFileSync(join(dir, 'launcher.lock'), identifyProcess(child.pid ?? 0) ?? '');
  expect(() => takeDataLock(dir)).toThrow(`process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  takeDataLock(dir);
  expect(readFileSync(join(dir, 'launcher.lock'), 'utf8')).toBe(identifyProcess(process.pid));
});

test('a later process with the pid of the lock does not hold it', () => {
  const lock = join(dir, 'launcher.lock');
  writeFileSync(lock, (identifyProcess(process.pid) ?? '').replace('/', '/1'));
  const release = takeDataLock(dir);
  release();
  expect(existsSync(lock)).toBe(false);
});
