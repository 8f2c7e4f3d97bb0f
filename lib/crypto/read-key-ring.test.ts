import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { localKey } from './local-key.ts';
import { KeySettingError, readKeyRing } from './read-key-ring.ts';

const folder = mkdtempSync(join(tmpdir(), 'rekey-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)].map((key) => ({
  text: key.toString('base64'),
  id: localKey(key).id,
})) as [{ text: string; id: string }, { text: string; id: string }, { text: string; id: string }];

function fileOf(text: string): string {
  const file = join(folder, `${Math.random()}`);
  writeFileSync(file, text);
  return file;
}
const none = {
  REKEY_ENCRYPTION_KEY: undefined,
  REKEY_ENCRYPTION_KEY_FILE: undefined,
  REKEY_ENCRYPTION_KEYS_EARLIER: [],
  REKEY_ENCRYPTION_KEY_PROVIDER: undefined,
  REKEY_VAULT_KEY: undefined,
  REKEY_VAULT_MOUNT: undefined,
  REKEY_VAULT_TOKEN_FILE: undefined,
  VAULT_ADDR: undefined,
  VAULT_TOKEN: undefined,
  VAULT_NAMESPACE: undefined,
  VAULT_CACERT: undefined,
};
const vault = { REKEY_VAULT_KEY: 'rekey', VAULT_ADDR: 'https://vault.internal:8200/', VAULT_TOKEN: 'hvs.x' };
const idsOf = (settings: Partial<Parameters<typeof readKeyRing>[0]>) => {
  const { current, keys } = readKeyRing({ ...none, ...settings });
  return { current: current.id, all: keys.map(({ id }) => id) };
};

it('takes the key of the variable, and earlier ones for what they have sealed', () => {
  expect(idsOf({ REKEY_ENCRYPTION_KEY: first.text, REKEY_ENCRYPTION_KEYS_EARLIER: [second.text, third.text] })).toEqual({
    current: first.id,
    all: [first.id, second.id, third.id],
  });
});

it('takes the keys of a file, the first line for the current one', () => {
  const file = fileOf(`# of 2026\n${second.text}\n\n  ${first.text}  \n`);
  expect(idsOf({ REKEY_ENCRYPTION_KEY_FILE: file, REKEY_ENCRYPTION_KEYS_EARLIER: [third.text] })).toEqual({
    current: second.id,
    all: [second.id, first.id, third.id],
  });
});

it('takes one in Vault before a local one, unless it is told otherwise', () => {
  const both = { ...vault, REKEY_ENCRYPTION_KEY: first.text };
  expect(idsOf(both)).toEqual({ current: expect.stringMatching(/^vault-/), all: [expect.stringMatching(/^vault-/), first.id] });
  expect(idsOf({ ...both, REKEY_ENCRYPTION_KEY_PROVIDER: 'local' })).toEqual({ current: first.id, all: [first.id, expect.stringMatching(/^vault-/)] });
  expect(idsOf(vault).all).toHaveLength(1);
});

it.each<[string, Partial<Parameters<typeof readKeyRing>[0]>, string]>([
  ['none', {}, 'REKEY_ENCRYPTION_KEY is missing'],
  ['earlier ones alone', { REKEY_ENCRYPTION_KEYS_EARLIER: [first.text] }, 'REKEY_ENCRYPTION_KEY is missing'],
  ['two current ones', { REKEY_ENCRYPTION_KEY: first.text, REKEY_ENCRYPTION_KEY_FILE: fileOf(second.text) }, 'are both set'],
  ['a file that is not there', { REKEY_ENCRYPTION_KEY_FILE: join(folder, 'none') }, 'REKEY_ENCRYPTION_KEY_FILE names a file that cannot be read'],
  ['Vault without its key', { REKEY_ENCRYPTION_KEY_PROVIDER: 'vault', REKEY_ENCRYPTION_KEY: first.text }, 'REKEY_VAULT_KEY is missing'],
  ['Vault without an address', { ...vault, VAULT_ADDR: undefined }, 'VAULT_ADDR is missing'],
  ['Vault at no address', { ...vault, VAULT_ADDR: 'vault:8200' }, 'VAULT_ADDR must be an address'],
  ['Vault without a token', { ...vault, VAULT_TOKEN: undefined }, 'VAULT_TOKEN is missing'],
  ['an authority that is not there', { ...vault, VAULT_CACERT: join(folder, 'none') }, 'VAULT_CACERT names a file that cannot be read'],
  ['an empty file', { REKEY_ENCRYPTION_KEY_FILE: fileOf('# later\n') }, 'REKEY_ENCRYPTION_KEY_FILE names a file without a key'],
  ['a file with something else', { REKEY_ENCRYPTION_KEY_FILE: fileOf('hunter2') }, 'REKEY_ENCRYPTION_KEY_FILE is not 32 bytes in base64'],
  [
    'an earlier one that is none',
    { REKEY_ENCRYPTION_KEY: first.text, REKEY_ENCRYPTION_KEYS_EARLIER: [Buffer.alloc(32).toString('base64')] },
    'REKEY_ENCRYPTION_KEYS_EARLIER is a placeholder',
  ],
])('refuses %s, and names the setting', (_, settings, message) => {
  const read = () => readKeyRing({ ...none, ...settings });
  expect(read).toThrow(KeySettingError);
  expect(read).toThrow(message);
});
