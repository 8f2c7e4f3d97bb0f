// Against a strict fake of the transit engine; see scripts/testing/fake-vault.ts.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { type FakeVault, startFakeVault } from '#scripts/testing/fake-vault.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { open, rewrap, type SealContext, seal } from './envelope.ts';
import { type KeyRing, KeyUnavailableError, SealBrokenError } from './key-encryption-key.ts';
import { localKey } from './local-key.ts';
import { tokenFrom, type VaultSettings, vaultKey } from './vault-key.ts';

const here: SealContext = { organizationId: 'org_1', table: 'credentials', row: 'crd_1', field: 'sealed', version: 3 };

let vault: FakeVault;
beforeEach(async () => {
  vault = await startFakeVault();
  vault.rotate('rekey');
});
afterEach(async () => {
  expect(vault.violations).toEqual([]);
  await vault.stop();
});

function ringOf(changes: Partial<VaultSettings> = {}, ...earlier: KeyRing['keys']): KeyRing {
  const settings = { address: vault.url, token: () => vault.token, key: 'rekey', mount: 'transit', namespace: undefined, caPem: undefined, timeoutMs: 500 };
  const current = vaultKey({ ...settings, ...changes });
  return { setting: 'REKEY_VAULT_KEY', current, keys: [current, ...earlier] };
}
const unavailable = (text: string) => expect.objectContaining({ name: 'KeyUnavailableError', status: 503, message: expect.stringContaining(text) });

it('wraps data keys there, and the value never goes there', async () => {
  const ring = ringOf();
  const sealed = await seal('canary', here, ring);
  expect(sealed).toMatch(/^rk1\.vault-[0-9a-f]{8}-1\./);
  expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString()).toMatch(/^vault:v1:/);
  expect(await open(sealed, here, ring)).toBe('canary');
  expect(vault.requests).toEqual([
    { path: '/v1/transit/encrypt/rekey', status: 200 },
    { path: '/v1/transit/decrypt/rekey', status: 200 },
  ]);
  await expect(open(sealed, { ...here, row: 'crd_2' }, ring)).rejects.toThrow(SealBrokenError);
});

it('goes over from a local key and back', async () => {
  const local = localKey(randomBytes(32));
  const ring = ringOf({}, local);
  const old = await seal('canary', here, { ...ring, current: local });
  const there = await rewrap(old, here, ring);
  expect(there.split('.')[3]).toBe(old.split('.')[3]);
  expect(await open(there, here, ringOf())).toBe('canary');
  const back = await rewrap(there, here, { ...ring, current: local });
  expect(await open(back, here, { setting: '', current: local, keys: [local] })).toBe('canary');
});

it('names the version that wraps, and opens what former ones wrapped until Vault no longer does', async () => {
  const ring = ringOf();
  const first = await seal('canary', here, ring);
  vault.rotate('rekey');
  const second = await seal('canary', here, ring);
  expect(second.split('.')[1]).toMatch(/-2$/);
  expect(await open(first, here, ring)).toBe('canary');
  expect((await rewrap(first, here, ring)).split('.')[1]).toBe(second.split('.')[1]);
  vault.setMinDecryptionVersion('rekey', 2);
  await expect(open(first, here, ring)).rejects.toEqual(unavailable('min_decryption_version'));
  expect(await open(second, here, ring)).toBe('canary');
});

it('does not open what another key wrapped', async () => {
  vault.rotate('other');
  const sealed = await seal('canary', here, ringOf({ key: 'other' }));
  await expect(open(sealed, here, ringOf())).rejects.toThrow(SealBrokenError);
  const relabelled = sealed.replace(/vault-\w+/, ringOf().current.id.replace(/-\d+$/, ''));
  await expect(open(relabelled, here, ringOf())).rejects.toThrow(SealBrokenError);
});

it.each([429, 500, 502])('asks again after %d', async (status) => {
  vault.failNext(2, status);
  const ring = ringOf();
  expect(await open(await seal('canary', here, ring), here, ring)).toBe('canary');
  expect(vault.requests.map((one) => one.status)).toEqual([status, status, 200, 200]);
});

it('a sealed Vault is said to be, and nothing is broken once it is unsealed', async () => {
  const ring = ringOf();
  const sealed = await seal('canary', here, ring);
  vault.seal(true);
  await expect(open(sealed, here, ring)).rejects.toEqual(unavailable('Vault is sealed'));
  await expect(seal('x', here, ring)).rejects.toThrow(KeyUnavailableError);
  vault.seal(false);
  expect(await open(sealed, here, ring)).toBe('canary');
});

it.each<[string, () => Partial<VaultSettings>, string]>([
  ['a token without the right', () => ({ token: () => 'hvs.other' }), 'policy with "update" on transit/encrypt/rekey'],
  ['a key that is not there', () => ({ key: 'none' }), 'policy with "update" on transit/encrypt/none'],
  ['another mount', () => ({ mount: 'kv/team' }), 'no transit engine at kv/team'],
  ['another namespace', () => ({ namespace: 'team' }), 'VAULT_NAMESPACE'],
  ['an address where nobody is', () => ({ address: 'http://127.0.0.1:1' }), 'does not answer at VAULT_ADDR'],
])('names the fix for %s', async (_, changes, text) => {
  await expect(seal('x', here, ringOf(changes()))).rejects.toEqual(unavailable(text));
});

it('waits for nobody without end, and reads no answer without end', async () => {
  vault.failNext(3, 'hang');
  await expect(seal('x', here, ringOf({ timeoutMs: 100 }))).rejects.toEqual(unavailable('does not answer'));
  vault.failNext(1, 'huge');
  await expect(seal('x', here, ringOf())).rejects.toEqual(unavailable('did not answer as'));
  // It follows nobody elsewhere with the token.
  vault.failNext(1, 307);
  await expect(seal('x', here, ringOf())).rejects.toEqual(unavailable('did not answer as'));
});

it('reads the token of a file anew each time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-vault-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'token');
  const ring = ringOf({ token: tokenFrom(file) });
  await expect(seal('x', here, ring)).rejects.toEqual(unavailable('REKEY_VAULT_TOKEN_FILE'));
  writeFileSync(file, 'hvs.expired\n');
  await expect(seal('x', here, ring)).rejects.toEqual(unavailable('refuses the token'));
  writeFileSync(file, `${vault.token}\n`);
  expect(await open(await seal('x', here, ring), here, ring)).toBe('x');
});

it('takes its certificate from the authority that was given, and from no other', async () => {
  const tls = makeCertificate('localhost');
  const secure = await startFakeVault({ mount: 'secrets/transit', namespace: 'team/a', tls });
  onTestFinished(() => secure.stop());
  secure.rotate('rekey');
  const settings = { address: secure.url, token: () => secure.token, mount: 'secrets/transit', namespace: 'team/a' };
  const ring = ringOf({ ...settings, caPem: tls.certPem });
  expect(await open(await seal('x', here, ring), here, ring)).toBe('x');
  expect(secure.violations).toEqual([]);
  await expect(seal('x', here, ringOf(settings))).rejects.toEqual(unavailable('VAULT_CACERT'));
});
