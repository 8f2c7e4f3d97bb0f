import { readFileSync } from 'node:fs';
import type { Env } from '#lib/kernel/env.ts';
import type { KeyEncryptionKey, KeyRing } from './key-encryption-key.ts';
import { localKey, parseEncryptionKey } from './local-key.ts';
import { tokenFrom, vaultKey } from './vault-key.ts';

/** A setting of the encryption key that Rekey cannot start with. The message names it and the fix. */
export class KeySettingError extends Error {
  override name = 'KeySettingError';
}

type Settings = Pick<Env, Extract<keyof Env, `REKEY_ENCRYPTION_KEY${'' | '_FILE' | 'S_EARLIER' | '_PROVIDER'}` | `REKEY_VAULT_${string}` | `VAULT_${string}`>>;

/** One key a line, the current one first; empty lines and those that begin with # count for nothing. */
function readLines(file: string): string[] {
  const lines = readText(file, 'REKEY_ENCRYPTION_KEY_FILE')
    .split('\n')
    .map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length === 0) throw new Error('REKEY_ENCRYPTION_KEY_FILE names a file without a key. Put 32 random bytes in base64 into its first line.');
  return keys;
}

function readText(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${setting} names a file that cannot be read. Fix the path, or let the user that runs Rekey read it.`);
  }
}

/** The keys that the settings give. Throws KeySettingError. */
export function readKeyRing(settings: Settings): KeyRing {
  try {
    const local = readLocalKeys(settings);
    const vault = readVaultKey(settings);
    const provider = settings.REKEY_ENCRYPTION_KEY_PROVIDER ?? (vault ? 'vault' : 'local');
    switch (provider) {
      case 'vault':
        if (!vault) throw new Error('REKEY_VAULT_KEY is missing: the name of a key in the transit engine of Vault.');
        return { setting: 'REKEY_VAULT_KEY', current: vault, keys: [vault, ...local.keys] };
      case 'local': {
        const [current] = local.keys;
        if (!current || !local.setting)
          throw new Error('REKEY_ENCRYPTION_KEY is missing: 32 random bytes in base64, for example from `openssl rand -base64 32`.');
        return { setting: local.setting, current, keys: [...local.keys, ...(vault ? [vault] : [])] };
      }
    }
  } catch (error) {
    throw new KeySettingError((error as Error).message);
  }
}

/** The current one first, and the variable that gives it, where one does. */
function readLocalKeys(settings: Settings): { setting: string | null; keys: KeyEncryptionKey[] } {
  const { REKEY_ENCRYPTION_KEY: given, REKEY_ENCRYPTION_KEY_FILE: file, REKEY_ENCRYPTION_KEYS_EARLIER: earlier } = settings;
  if (given && file) throw new Error('REKEY_ENCRYPTION_KEY and REKEY_ENCRYPTION_KEY_FILE are both set. Keep one of them.');
  const parse = (setting: string) => (text: string) => localKey(parseEncryptionKey(text, setting));
  return {
    setting: given ? 'REKEY_ENCRYPTION_KEY' : file ? 'REKEY_ENCRYPTION_KEY_FILE' : null,
    keys: [
      ...(given ? [given].map(parse('REKEY_ENCRYPTION_KEY')) : []),
      ...(file ? readLines(file).map(parse('REKEY_ENCRYPTION_KEY_FILE')) : []),
      ...earlier.map(parse('REKEY_ENCRYPTION_KEYS_EARLIER')),
    ],
  };
}

function readVaultKey(settings: Settings): KeyEncryptionKey | null {
  const { REKEY_VAULT_KEY: key, REKEY_VAULT_MOUNT: mount = 'transit', REKEY_VAULT_TOKEN_FILE: tokenFile } = settings;
  const { VAULT_ADDR: address, VAULT_TOKEN: token, VAULT_NAMESPACE: namespace, VAULT_CACERT: caFile } = settings;
  if (!key) return null;
  if (!address) throw new Error('VAULT_ADDR is missing: the address of the Vault that holds REKEY_VAULT_KEY.');
  if (!/^https?:\/\/[^/]/.test(address)) throw new Error('VAULT_ADDR must be an address such as https://vault.internal:8200.');
  if (!token && !tokenFile) throw new Error('VAULT_TOKEN is missing; a file with it may be named by REKEY_VAULT_TOKEN_FILE instead.');
  const caPem = caFile ? readText(caFile, 'VAULT_CACERT') : undefined;
  return vaultKey({ address: address.replace(/\/+$/, ''), token: tokenFile ? tokenFrom(tokenFile) : () => token ?? '', key, mount, namespace, caPem });
}
