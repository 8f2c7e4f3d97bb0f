import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
  expect(Buffer.from(keys.REKEY_ENCRYPTION_KEY ?? '', 'base64')).toHaveLength(32);
  expect(keys.NEXTAUTH_SECRET.length).toBeGreaterThanOrEqual(32);
  expect(readKeys(dir, {})).toEqual(keys);
  for (const file of ['encryption-key', 'session-secret']) expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
});

test.each(['encryption-key', 'session-secret'])('an empty %s is never replaced, as what it held may be in use', (name) => {
  const file = join(dir, name);
  writeFileSync(file, '');
  expect(() => readKeys(dir, {})).toThrow(`${file} is empty. Restore it from a backup`);
  expect(readFileSync(file, 'utf8')).toBe('');
});

test.each(['REKEY_ENCRYPTION_KEY', 'REKEY_ENCRYPTION_KEY_FILE', 'REKEY_VAULT_KEY'])('given by %s, no other is made', (name) => {
  expect(readKeys(dir, { [name]: 'a', NEXTAUTH_SECRET: 'b' })).toEqual({ NEXTAUTH_SECRET: 'b' });
  expect(() => statSync(join(dir, 'encryption-key'))).toThrow('ENOENT');
});

test('one that was made before Vault had the key is still given', () => {
  const { REKEY_ENCRYPTION_KEY } = readKeys(dir, {});
  expect(readKeys(dir, { REKEY_VAULT_KEY: 'rekey' })).toMatchObject({ REKEY_ENCRYPTION_KEY });
});
