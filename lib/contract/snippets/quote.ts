import { k, type SnippetLine, s, t } from './snippet-tokens.ts';

/** A line of .env; in double quotes a `$` would start a variable. */
export const envLine = (name: string, url: string): SnippetLine => [k(name), t('='), s(`"${url.replaceAll('$', '%24')}"`)];

/** A string in single quotes of a POSIX shell: every character stands for itself. */
export const quoteShell = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * A string in double quotes that JavaScript, Python, Go and YAML read alike: JSON, with what YAML calls
 * unprintable escaped, and `<` too, because Rails runs database.yml through ERB first.
 */
export const quoteDouble = (text: string): string =>
  JSON.stringify(text).replace(/[<\u007f-\u009f\u2028\u2029\ufeff]/g, (character) => String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0'));

const PHP_ESCAPES: Record<string, string> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/** A value in double quotes as phpdotenv reads it: `$` would start a variable. */
export const quotePhpEnv = (text: string): string => `"${text.replace(/["$\\\n\r\t]/g, (character) => PHP_ESCAPES[character] ?? `\\${character}`)}"`;

/** A string in single quotes of PHP, where nothing but these two is special. */
export const quotePhp = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
