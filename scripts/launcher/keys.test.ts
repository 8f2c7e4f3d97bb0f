import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readKeys } from './keys.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-keys-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('keys are made once, kept, and readable by their owner alone', () => {
  const keys = readKeys(dir, {});
  expect(Buffer.from(keys.REKEY_ENCRYPTION_KEY, 'base64')).toHaveLength(32);
  expect(keys.NEXTAUTH_SECRET.length).toBeGreaterThanOrEqual(32);
  expect(readKeys(dir, {})).toEqual(keys);
  for (const file of ['encryption-key', 'session-secret']) expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
});

test('given keys are used and not written down', () => {
  const given = { REKEY_ENCRYPTION_KEY: 'a', NEXTAUTH_SECRET: 'b' };
  expect(readKeys(dir, given)).toEqual(given);
  expect(() => statSync(join(dir, 'encryption-key'))).toThrow('ENOENT');
});
