import { env } from '#lib/env.ts';

const KEY_BYTES = 32;
const MEND = 'Make one with `openssl rand -base64 32`; a key that sealed data once must be the same for ever.';

/** Parses REKEY_ENCRYPTION_KEY. Throws a line that says what is wrong with it and how to mend it. */
export function parseEncryptionKey(text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text) || key.length !== KEY_BYTES) throw new Error(`REKEY_ENCRYPTION_KEY is not 32 bytes in base64. ${MEND}`);
  // A key with fewer than 12 different bytes was typed, not drawn (chance for a random key: below 1e-9).
  if (new Set(key).size < 12 || /change.?me|example|placeholder/i.test(key.toString('latin1')))
    throw new Error(`REKEY_ENCRYPTION_KEY is a placeholder. ${MEND}`);
  return key;
}

let parsed: Buffer | undefined;

/** The key that wraps all data keys. */
export function encryptionKey(): Buffer {
  parsed ??= parseEncryptionKey(env.REKEY_ENCRYPTION_KEY);
  return parsed;
}
