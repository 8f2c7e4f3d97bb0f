// What a rogue server keeps of the connections it is given, and whose password the bytes were made of.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** One thing a client sent that can be made of a password. */
export type Sent =
  | { method: 'cleartext'; text: string }
  | { method: 'md5'; user: string; salt: Buffer; response: string }
  | { method: 'scram'; salt: Buffer; iterations: number; authMessage: string; proof: Buffer }
  | { method: 'native'; nonce: Buffer; response: Buffer }
  | { method: 'caching_sha2'; nonce: Buffer; response: Buffer }
  | { method: 'statement'; text: string }
  /** An authentication method that no recorder reads. */
  | { method: 'other'; name: string; response: Buffer };

/** One connection to a rogue server. */
export interface Dial {
  /** Which attack had the client come here. */
  label: string;
  isSecure: boolean;
  /** The login that the client named; null where it hung up before. */
  user: string | null;
  sent: Sent[];
}

const hash = (algorithm: string, ...parts: (string | Buffer)[]): Buffer => parts.reduce((made, part) => made.update(part), createHash(algorithm)).digest();
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
const md5 = (...parts: (string | Buffer)[]): string => hash('md5', ...parts).toString('hex');

/** RFC 5802: the salted password, for passwords of ASCII characters. */
export function scramKeys(password: string, salt: Buffer, iterations: number) {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  return { clientKey, storedKey: hash('sha256', clientKey), serverKey: hmac(salted, 'Server Key') };
}

export const md5Response = (user: string, password: string, salt: Buffer): string => `md5${md5(md5(password, user), salt)}`;

/** Whether a statement carries a password, or what a server stores for it. */
function carries(text: string, password: string): boolean {
  if (text.includes(password)) return true;
  if (text.toUpperCase().includes(hash('sha1', hash('sha1', password)).toString('hex').toUpperCase())) return true;
  return [...text.matchAll(/SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):/g)].some(
    ([, iterations, salt = '', stored]) => scramKeys(password, Buffer.from(salt, 'base64'), Number(iterations)).storedKey.toString('base64') === stored,
  );
}

/** Whether what was sent was made of this password. */
export function isMadeOf(sent: Sent, password: string): boolean {
  switch (sent.method) {
    case 'cleartext':
      return sent.text === password;
    case 'md5':
      return sent.response === md5Response(sent.user, password, sent.salt);
    case 'scram': {
      const { clientKey, storedKey } = scramKeys(password, sent.salt, sent.iterations);
      return xor(clientKey, hmac(storedKey, sent.authMessage)).equals(sent.proof);
    }
    case 'native': {
      const stage1 = hash('sha1', password);
      return xor(stage1, hash('sha1', sent.nonce, hash('sha1', stage1))).equals(sent.response);
    }
    case 'caching_sha2': {
      const stage1 = hash('sha256', password);
      return xor(stage1, hash('sha256', hash('sha256', stage1), sent.nonce)).equals(sent.response);
    }
    case 'statement':
      return carries(sent.text, password);
    case 'other':
      return sent.response.includes(password);
  }
}

/**
 * Whether whoever recorded it has gained nothing to log in with and no quick way to guess: a proof by SCRAM with as many
 * iterations as servers ask for, or a challenge of MySQL's that was answered.
 */
export const revealsNothingReusable = (sent: Sent): boolean =>
  sent.method === 'native' || sent.method === 'caching_sha2' || (sent.method === 'scram' && sent.iterations >= 4096);
