import { createHash } from 'node:crypto';
import { decrypt, encrypt } from './aes-gcm.ts';
import { type KeyEncryptionKey, SealBrokenError } from './key-encryption-key.ts';

const KEY_BYTES = 32;
const FIX = 'Generate one with `openssl rand -base64 32`; keep it for as long as values are encrypted with it.';

/** Parses a key of `setting`. Throws a line that says what is wrong with it and how to fix it. */
export function parseEncryptionKey(text: string, setting: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text) || key.length !== KEY_BYTES) throw new Error(`${setting} is not 32 bytes in base64. ${FIX}`);
  // A key with fewer than 12 different bytes was typed, not drawn (chance for a random key: below 1e-9).
  if (new Set(key).size < 12 || /change.?me|example|placeholder/i.test(key.toString('latin1'))) throw new Error(`${setting} is a placeholder. ${FIX}`);
  return key;
}

/** A key that this process holds. Its id is the first 8 hexadecimal digits of its SHA-256. */
export function localKey(key: Buffer): KeyEncryptionKey {
  const id = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    id,
    provider: 'local',
    opens: (other) => other === id,
    wrap: async (dataKey, context) => encrypt(key, dataKey, context),
    unwrap: async (wrapped, context) => {
      try {
        return decrypt(key, wrapped, context);
      } catch {
        throw new SealBrokenError();
      }
    },
  };
}
