import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { encryptionKey } from './encryption-key.ts';

/** Where a sealed value belongs. It opens nowhere else: not in another row, field, version or organization. */
export interface SealContext {
  organizationId: string;
  table: string;
  row: string;
  field: string;
  version: number;
}

const FORMAT = 'rk1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** The context as bytes. JSON of a fixed list of fields: no two contexts give the same text. */
const boundTo = (c: SealContext, part: 'key' | 'value'): Buffer =>
  Buffer.from(JSON.stringify([FORMAT, part, c.organizationId, c.table, c.row, c.field, c.version]));

function encrypt(key: Buffer, plaintext: Buffer, aad: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad);
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, box: Buffer, aad: Buffer): Buffer {
  // A key object: with bare bytes Node takes several times as long.
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), box.subarray(0, IV_BYTES)).setAAD(aad).setAuthTag(box.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(box.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** Names a key without telling it: the first 8 hex digits of its SHA-256. */
export const keyId = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** Thrown where a sealed value does not open: another key, another place, or changed bytes. */
export class SealBrokenError extends Error {
  constructor() {
    super('A sealed value does not open: it was sealed with another key or for another place, or it was changed.');
    this.name = 'SealBrokenError';
  }
}

/**
 * Encrypts with AES-256-GCM under a fresh data key, which is itself encrypted under the encryption key
 * (NIST SP 800-38D; random 96-bit nonces, each key used once). Form: `rk1.<key id>.<wrapped key>.<value>`.
 */
export function seal(plaintext: string, context: SealContext, key: Buffer = encryptionKey()): string {
  const dataKey = randomBytes(KEY_BYTES);
  const wrapped = encrypt(key, dataKey, boundTo(context, 'key'));
  const value = encrypt(dataKey, Buffer.from(plaintext), boundTo(context, 'value'));
  return [FORMAT, keyId(key), wrapped.toString('base64url'), value.toString('base64url')].join('.');
}

/** Opens what `seal` gave. Throws SealBrokenError, never the cipher's own error. */
export function open(sealed: string, context: SealContext, key: Buffer = encryptionKey()): string {
  const [format, id, wrapped, value] = sealed.split('.');
  if (format !== FORMAT || id !== keyId(key) || !wrapped || !value) throw new SealBrokenError();
  try {
    const dataKey = decrypt(key, Buffer.from(wrapped, 'base64url'), boundTo(context, 'key'));
    return decrypt(dataKey, Buffer.from(value, 'base64url'), boundTo(context, 'value')).toString();
  } catch {
    throw new SealBrokenError();
  }
}
