import { createHash } from 'node:crypto';
import type { Secret } from './secret.ts';

const sha1 = (bytes: string | Buffer): Buffer => createHash('sha1').update(bytes).digest();

/** What MariaDB and MySQL store for `mysql_native_password`: `*` and SHA1(SHA1(password)) in hexadecimal. It has no salt. */
export const makeNativeHash = (password: Secret): string => `*${sha1(sha1(password.reveal())).toString('hex').toUpperCase()}`;

/** Whether a text has exactly the form of such a hash. */
export const isNativeHash = (text: string): boolean => /^\*[0-9A-F]{40}$/.test(text);
