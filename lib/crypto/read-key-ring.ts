import { readFileSync } from 'node:fs';
import type { Env } from '#lib/env.ts';
import type { KeyRing } from './key-encryption-key.ts';
import { localKey, parseEncryptionKey } from './local-key.ts';

/** A setting of the encryption key that Rekey cannot start with. The message names it and the mend. */
export class KeySettingError extends Error {
  override name = 'KeySettingError';
}

type Settings = Pick<Env, 'REKEY_ENCRYPTION_KEY' | 'REKEY_ENCRYPTION_KEY_FILE' | 'REKEY_ENCRYPTION_KEYS_EARLIER'>;

/** One key a line, the current one first; empty lines and those that begin with # count for nothing. */
function readLines(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error('REKEY_ENCRYPTION_KEY_FILE names a file that cannot be read. Mend the path, or let the user that runs Rekey read it.');
  }
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length === 0) throw new Error('REKEY_ENCRYPTION_KEY_FILE names a file without a key. Put 32 random bytes in base64 into its first line.');
  return keys;
}

/** The keys that the settings give. Throws KeySettingError. */
export function readKeyRing(settings: Settings): KeyRing {
  const { REKEY_ENCRYPTION_KEY: given, REKEY_ENCRYPTION_KEY_FILE: file, REKEY_ENCRYPTION_KEYS_EARLIER: earlier } = settings;
  const parse = (setting: string) => (text: string) => localKey(parseEncryptionKey(text, setting));
  try {
    if (given && file) throw new Error('REKEY_ENCRYPTION_KEY and REKEY_ENCRYPTION_KEY_FILE are both set. Keep one of them.');
    const keys = [
      ...(given ? [given].map(parse('REKEY_ENCRYPTION_KEY')) : []),
      ...(file ? readLines(file).map(parse('REKEY_ENCRYPTION_KEY_FILE')) : []),
      ...earlier.map(parse('REKEY_ENCRYPTION_KEYS_EARLIER')),
    ];
    const [current] = keys;
    if (!current || !(given || file))
      throw new Error('REKEY_ENCRYPTION_KEY is missing: 32 random bytes in base64, for example from `openssl rand -base64 32`.');
    return { setting: given ? 'REKEY_ENCRYPTION_KEY' : 'REKEY_ENCRYPTION_KEY_FILE', current, keys };
  } catch (error) {
    throw new KeySettingError((error as Error).message);
  }
}
