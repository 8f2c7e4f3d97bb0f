import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const MARK = 'rk_live_';
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const RANDOM_LENGTH = 32;
const CHECK_LENGTH = 6;
/** How much of a key is kept readable, to tell keys apart: the mark and four characters. */
const PREFIX_LENGTH = MARK.length + 4;

function checksum(text: string): string {
  let rest = crc32(text);
  let out = '';
  for (let i = 0; i < CHECK_LENGTH; i++) {
    out = ALPHABET[rest % ALPHABET.length] + out;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return out;
}

/** A new API key: `rk_live_`, 32 random base58 characters (187 bits), and 6 that a scanner or a typo check can verify. */
export function generateKey(): string {
  let random = '';
  for (let i = 0; i < RANDOM_LENGTH; i++) random += ALPHABET[randomInt(ALPHABET.length)];
  return `${MARK}${random}${checksum(random)}`;
}

/** Whether a text has the form of our keys but not its checksum: cut short or mistyped. */
export function isMistypedKey(text: string): boolean {
  if (!text.startsWith(MARK)) return false;
  const body = text.slice(MARK.length);
  return body.length !== RANDOM_LENGTH + CHECK_LENGTH || checksum(body.slice(0, RANDOM_LENGTH)) !== body.slice(RANDOM_LENGTH);
}

/** What is stored in place of a key. Keys are random, so a fast hash is enough. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');

export const keyPrefix = (key: string): string => key.slice(0, PREFIX_LENGTH);
