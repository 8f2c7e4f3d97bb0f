import { randomBytes } from 'node:crypto';
import { decrypt, encrypt } from './aes-gcm.ts';
import { type KeyRing, SealBrokenError } from './key-encryption-key.ts';
import { keyRing } from './key-ring.ts';

/** Where a sealed value belongs. It opens nowhere else: not in another row, field, version or organization. */
export interface SealContext {
  organizationId: string;
  table: string;
  row: string;
  field: string;
  version: number;
}

const FORMAT = 'rk1';
const KEY_BYTES = 32;

/** The context as bytes. JSON of a fixed list of fields: no two contexts give the same text. */
const boundTo = (c: SealContext, part: 'key' | 'value'): Buffer =>
  Buffer.from(JSON.stringify([FORMAT, part, c.organizationId, c.table, c.row, c.field, c.version]));

/**
 * Encrypts with AES-256-GCM under a fresh data key, which is itself wrapped by the current key-encryption key; both are
 * bound to the context. Form: `rk1.<key id>.<wrapped data key>.<nonce, ciphertext and tag>`.
 * Throws KeyUnavailableError where the key lies in a service that does not answer.
 */
export async function seal(plaintext: string, context: SealContext, { current }: KeyRing = keyRing()): Promise<string> {
  const dataKey = randomBytes(KEY_BYTES);
  const wrapped = await current.wrap(dataKey, boundTo(context, 'key'));
  const value = encrypt(dataKey, Buffer.from(plaintext), boundTo(context, 'value'));
  return [FORMAT, current.id, wrapped.toString('base64url'), value.toString('base64url')].join('.');
}

interface Envelope {
  value: string;
  dataKey: Buffer;
}

async function unwrap(sealed: string, context: SealContext, { keys }: KeyRing): Promise<Envelope> {
  const [format, id, wrapped, value, ...rest] = sealed.split('.');
  const key = keys.find((one) => id !== undefined && one.opens(id));
  if (format !== FORMAT || !key || !id || !wrapped || !value || rest.length > 0) throw new SealBrokenError();
  return { value, dataKey: await key.unwrap(Buffer.from(wrapped, 'base64url'), boundTo(context, 'key')) };
}

/** Wraps the data key of a sealed value anew, with the current key; what was encrypted under it stays as it is. Throws as `open`. */
export async function rewrap(sealed: string, context: SealContext, ring: KeyRing = keyRing()): Promise<string> {
  const { value, dataKey } = await unwrap(sealed, context, ring);
  const wrapped = await ring.current.wrap(dataKey, boundTo(context, 'key'));
  return [FORMAT, ring.current.id, wrapped.toString('base64url'), value].join('.');
}

/** Opens what `seal` gave. Throws SealBrokenError, never the cipher's own error; KeyUnavailableError as `seal`. */
export async function open(sealed: string, context: SealContext, ring: KeyRing = keyRing()): Promise<string> {
  const { value, dataKey } = await unwrap(sealed, context, ring);
  try {
    return decrypt(dataKey, Buffer.from(value, 'base64url'), boundTo(context, 'value')).toString();
  } catch {
    throw new SealBrokenError();
  }
}
