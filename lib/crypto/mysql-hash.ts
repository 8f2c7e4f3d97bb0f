import { createHash, randomBytes } from 'node:crypto';
import type { Secret } from './secret.ts';

const sha1 = (bytes: string | Buffer): Buffer => createHash('sha1').update(bytes).digest();

/** What MariaDB and MySQL store for `mysql_native_password`: `*` and SHA1(SHA1(password)) in hexadecimal. It has no salt. */
export const makeNativeHash = (password: Secret): string => `*${sha1(sha1(password.reveal())).toString('hex').toUpperCase()}`;

/** Whether a text has exactly the form of such a hash. */
export const isNativeHash = (text: string): boolean => /^\*[0-9A-F]{40}$/.test(text);

const CACHING_SHA2 = /^\$A\$[0-9A-F]{3}\$[^\0]{20}[./0-9A-Za-z]{43}$/s;

/** Whether a text has exactly the form of what MySQL stores for `caching_sha2_password`. */
export const isCachingSha2Hash = (text: string): boolean => CACHING_SHA2.test(text);

/** The rounds in a hash of caching_sha2_password; 0 for any other. */
export const costOf = (hash: string | null): number => (hash && isCachingSha2Hash(hash) ? Number.parseInt(hash.slice(3, 6), 16) * 1000 : 0);

const SALT_BYTES = 20;
const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * What MySQL 8 stores for `caching_sha2_password`: SHA-crypt with SHA-256 and a salt of 20 bytes.
 * @param iterations thousands are kept in the text: 5000 is written 005
 * @param salt fresh by default, of printable signs
 */
export function makeCachingSha2Hash(password: Secret, iterations: number, salt: Buffer = Buffer.from(randomBytes(15).toString('base64url'))): string {
  const thousands = Math.round(iterations / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(3, '0');
  return `$A$${thousands}$${salt.toString('latin1')}${encode(shaCrypt(Buffer.from(password.reveal()), salt.subarray(0, SALT_BYTES), iterations))}`;
}

/** Whether a hash of either kind is that of a password. */
export function isHashOf(hash: string, password: Secret): boolean {
  if (!isCachingSha2Hash(hash)) return hash === makeNativeHash(password);
  return makeCachingSha2Hash(password, costOf(hash), Buffer.from(hash.slice(7, 7 + SALT_BYTES), 'latin1')) === hash;
}

const sha256 = (...parts: Buffer[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const repeatTo = (bytes: Buffer, length: number): Buffer => Buffer.alloc(length, bytes);
const times = (bytes: Buffer, count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => bytes));

/** SHA-crypt as its specification numbers the steps (Drepper, 2008). */
function shaCrypt(key: Buffer, salt: Buffer, rounds: number): Buffer {
  const alternate = sha256(key, salt, key);
  const bits = key.length.toString(2).split('').reverse();
  const first = sha256(key, salt, repeatTo(alternate, key.length), ...bits.map((bit) => (bit === '1' ? alternate : key)));
  const keys = repeatTo(sha256(times(key, key.length)), key.length);
  const salts = repeatTo(sha256(times(salt, 16 + (first[0] ?? 0))), salt.length);
  const none = Buffer.alloc(0);
  let digest = first;
  for (let round = 0; round < rounds; round++) {
    const isOdd = round % 2 === 1;
    digest = sha256(isOdd ? keys : digest, round % 3 ? salts : none, round % 7 ? keys : none, isOdd ? digest : keys);
  }
  return digest;
}

/** Three bytes at a time, 10 apart, four signs each, the lowest bits first; two bytes are left for the end. */
function encode(digest: Buffer): string {
  const at = (i: number): number => digest[i % 30] ?? 0;
  let text = '';
  for (let group = 0; group < 10; group++) text += signs((at(group * 21) << 16) | (at(group * 21 + 10) << 8) | at(group * 21 + 20), 4);
  return text + signs(((digest[31] ?? 0) << 8) | (digest[30] ?? 0), 3);
}

const signs = (value: number, count: number): string => Array.from({ length: count }, (_, i) => ALPHABET[(value >> (6 * i)) & 63]).join('');
