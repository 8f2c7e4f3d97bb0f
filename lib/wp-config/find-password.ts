import { WpConfigError } from './failures.ts';
import { decodeText, encodeText } from './php-text.ts';
import { type PhpToken, readTokens } from './php-tokens.ts';

/** Where a wp-config.php holds its password, and which. */
interface Found {
  start: number;
  end: number;
  /** One byte in each character. */
  password: string;
}

/** Whether the tokens from `i` on are `define('DB_PASSWORD',`, as a function of that name, not a method. */
function isDefine(code: string, tokens: PhpToken[], i: number): boolean {
  const textAt = (n: number) => code.slice(tokens[n]?.start, tokens[n]?.end);
  const name = tokens[i + 2];
  return (
    /^\\?define$/i.test(textAt(i)) &&
    (i === 0 || !/^(?:->|\?->|::|function|new)$/i.test(textAt(i - 1))) &&
    textAt(i + 1) === '(' &&
    name?.kind === 'text' &&
    decodeText(textAt(i + 2)) === 'DB_PASSWORD' &&
    textAt(i + 3) === ','
  );
}

/**
 * Finds the one `define('DB_PASSWORD', '…')` of a wp-config.php.
 * @throws {WpConfigError} where there is none, more than one, or its value is no plain text
 */
function findPassword(code: string): Found {
  const tokens = readTokens(code);
  const at = tokens.flatMap((_, i) => (isDefine(code, tokens, i) ? [i] : []));
  const [define] = at;
  if (define === undefined) throw new WpConfigError('wp_config_no_define');
  if (at.length > 1) throw new WpConfigError('wp_config_two_defines');
  const value = tokens[define + 4];
  const after = tokens[define + 5];
  const isAlone = after && /^[),]$/.test(code.slice(after.start, after.end));
  const password = value?.kind === 'text' && isAlone ? decodeText(code.slice(value.start, value.end)) : null;
  if (!value || password === null) throw new WpConfigError('wp_config_not_plain');
  return { start: value.start, end: value.end, password };
}

/** The password that a wp-config.php holds. Throws WpConfigError. */
export const readPassword = (file: Buffer): string => Buffer.from(findPassword(file.toString('latin1')).password, 'latin1').toString();

/** The same file with another password: every other byte stays. Throws WpConfigError. */
export function withPassword(file: Buffer, password: string): Buffer {
  const { start, end } = findPassword(file.toString('latin1'));
  return Buffer.concat([file.subarray(0, start), Buffer.from(encodeText(password)), file.subarray(end)]);
}
