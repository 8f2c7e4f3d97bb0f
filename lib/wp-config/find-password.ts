import { basename, dirname } from 'node:path';
import { WpConfigError } from '#lib/contract/wp-config-failures.ts';
import { encodeEnvValue, findEnvPassword, isEnvFile } from './env-file.ts';
import type { Found } from './found.ts';
import { findPhpDefinition } from './php-define.ts';
import { encodeText } from './php-text.ts';

/** PHP files of other applications that hold a password in a form of their own. */
const OF_OTHERS = /^(?:settings(?:\.local)?\.php|env\.php|configuration\.php|parameters\.php|LocalSettings\.php)$/i;

/**
 * Finds the password in a wp-config.php or a .env. Texts hold one byte in each character.
 * @throws {WpConfigError} where there is none, more than one, or its value is no plain text
 */
export function findPassword(path: string, file: Buffer): Found {
  const code = file.toString('latin1');
  if (isEnvFile(path)) return findEnvPassword(code);
  try {
    return findPhpDefinition(code, { folder: dirname(path), abspath: null });
  } catch (error) {
    const isPhp = /\.(?:php|inc)$/i.test(path) || /<\?(?:php|=)/i.test(code);
    const isOfOthers = !isPhp || OF_OTHERS.test(basename(path));
    throw isOfOthers && error instanceof WpConfigError && error.code === 'wp_config_no_define' ? new WpConfigError('wp_config_other_application') : error;
  }
}

/** The password that a file holds. Throws WpConfigError. */
export const readPassword = (path: string, file: Buffer): string => findPassword(path, file).password;

/**
 * The same file with another password: every other byte stays. With `keepsSize` spaces behind a shorter one fill up,
 * where they mean nothing. Throws WpConfigError.
 */
export function withPassword(path: string, file: Buffer, password: string, { keepsSize = false } = {}): Buffer {
  const { start, end } = findPassword(path, file);
  const value = Buffer.from(isEnvFile(path) ? encodeEnvValue(password) : encodeText(password));
  const filler = Buffer.alloc(keepsSize ? Math.max(0, end - start - value.length) : 0, ' ');
  return Buffer.concat([file.subarray(0, start), value, filler, file.subarray(end)]);
}
