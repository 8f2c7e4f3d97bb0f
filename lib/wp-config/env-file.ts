import { basename } from 'node:path';
import { WpConfigError } from '#lib/contract/wp-config-failures.ts';
import type { Found } from './found.ts';

/** Whether a path is that of a file of environment variables, as Bedrock and Laravel load it. */
export const isEnvFile = (path: string): boolean => /^\.env(?:\.|$)/.test(basename(path));

/** One variable: its name, and its value as it stands there (dotenv; a value in quotes may run over lines). */
const ENTRY = /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*('[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\r\n]*?)[ \t]*(?:[ \t]#[^\r\n]*)?(?=\r?\n|\r|$)/gm;

/** Variables with a whole URL, which count before DB_PASSWORD where they are set: Bedrock's and Laravel's. */
const URLS = ['DATABASE_URL', 'DB_URL'];

/** What a value stands for; null where it is put together of others or in a form that loaders read differently. */
function decodeEnvValue(value: string): string | null {
  const body = value.slice(1, -1);
  if (/^'[^'\\]*'$/.test(value)) return body;
  if (!/^"(?:\\[\s\S]|[^"\\])*"$/.test(value)) return /['"\\$`#\s]/.test(value) ? null : value;
  if (/[\\$]/.test(body.replace(/\\["\\$]/g, ''))) return null;
  return body.replace(/\\(["\\$])/g, '$1');
}

/** A value that every loader reads back exactly: as it is where no sign in it has a meaning, otherwise in double quotes. */
export const encodeEnvValue = (password: string): string => (/^[\w.~+/:@%^,-]+$/.test(password) ? password : `"${password.replace(/["\\$]/g, '\\$&')}"`);

/**
 * Finds DB_PASSWORD in a file of environment variables.
 * @throws {WpConfigError} where there is none, more than one, its value is no plain text, or a URL counts before it
 */
export function findEnvPassword(text: string): Found {
  const entries = [...text.matchAll(ENTRY)];
  if (entries.some(([, name = '', value = '']) => URLS.includes(name) && !/^(?:''|""|)$/.test(value))) throw new WpConfigError('wp_config_url_counts');
  const found = entries.filter(([, name]) => name === 'DB_PASSWORD');
  const [entry] = found;
  if (!entry) throw new WpConfigError('wp_config_no_variable');
  if (found.length > 1) throw new WpConfigError('wp_config_two_defines');
  const value = entry[2] ?? '';
  const password = decodeEnvValue(value);
  if (password === null) throw new WpConfigError('wp_config_not_plain');
  const start = entry.index + entry[0].indexOf(value, entry[0].indexOf('=') + 1);
  return { start, end: start + value.length, password: Buffer.from(password, 'latin1').toString() };
}
