import { randomInt } from 'node:crypto';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const LENGTH = 16;

export type IdPrefix =
  | 'org'
  | 'usr'
  | 'ses'
  | 'inv'
  | 'dep'
  | 'stl'
  | 'key'
  | 'srv'
  | 'dbs'
  | 'prj'
  | 'crd'
  | 'job'
  | 'rot'
  | 'aud'
  | 'wrk'
  | 'web'
  | 'req'
  | 'evt'
  | 'whe'
  | 'dlv'
  | 'con'
  | 'tsk'
  | 'sit'
  | 'env'
  | 'dpl'
  | 'dpt'
  | 'sec'
  | 'itg'
  | 'syn'
  | 'rdp'
  | 'ekr'
  | 'sfa'
  | 'pol'
  | 'cmp'
  | 'imp'
  | 'imr'
  | 'mal';

/** A new identifier such as `prj_5Gd…`: 16 random base58 characters (93 bits) behind a prefix that names the thing. */
export function newId(prefix: IdPrefix): string {
  let id = `${prefix}_`;
  for (let i = 0; i < LENGTH; i++) id += ALPHABET[randomInt(ALPHABET.length)];
  return id;
}
