import { engineError } from '#lib/engines/failure.ts';
import type { Account, Method } from './dialect.ts';

interface Token {
  kind: 'word' | 'text' | 'name' | 'sign';
  value: string;
}

/** A quoted text with its doubled quotes and backslash escapes, a hexadecimal literal, a word, or a sign. */
const TOKEN = /'((?:[^'\\]|''|\\.)*)'|`((?:[^`]|``)*)`|"((?:[^"]|"")*)"|0x([0-9A-Fa-f]*)|([\p{L}\p{N}_$.%-]+)|(\S)/gsu;
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0', Z: '\x1a', b: '\b' };

const unquote = (text: string): string => text.replace(/''|\\(.)/gs, (_, escaped?: string) => (escaped === undefined ? "'" : (ESCAPES[escaped] ?? escaped)));

function tokenize(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(([, single, tick, double, hex, word, sign]): Token => {
    if (single !== undefined) return { kind: 'text', value: unquote(single) };
    if (tick !== undefined) return { kind: 'name', value: tick.replaceAll('``', '`') };
    if (double !== undefined) return { kind: 'name', value: double.replaceAll('""', '"') };
    if (hex !== undefined) return { kind: 'text', value: Buffer.from(hex, 'hex').toString() };
    if (word !== undefined) return { kind: 'word', value: word };
    return { kind: 'sign', value: sign ?? '' };
  });
}

const CERTIFICATE = ['X509', 'SUBJECT', 'ISSUER', 'CIPHER'];

/**
 * What SHOW CREATE USER says of an account, read by its structure: a name, a subject or a comment may hold any sign.
 * MariaDB: `IDENTIFIED BY PASSWORD '*..'`, or `IDENTIFIED VIA plugin USING '..' OR ...`. MySQL: `IDENTIFIED WITH 'plugin' AS 0x..`.
 * Throws EngineError where it is none of these.
 */
export function parseAccount(text: string): Account {
  const tokens = tokenize(text);
  let at = 0;
  const is = (...words: string[]): boolean =>
    words.every((word, i) => {
      const token = tokens[at + i];
      return token?.kind === 'word' && token.value.toUpperCase() === word;
    });
  const take = (...words: string[]): boolean => {
    if (!is(...words)) return false;
    at += words.length;
    return true;
  };
  const value = (): string => tokens[at++]?.value ?? '';
  if (!take('CREATE', 'USER')) throw engineError('unexpected');
  value();
  const hasHost = tokens[at]?.kind === 'sign' && tokens[at]?.value === '@';
  if (hasHost) at += 1;
  const account: Account = {
    host: hasHost ? value() : '%',
    methods: [],
    isLocked: false,
    demandsCertificate: false,
    demandsTls: false,
    perHour: { logins: 0, statements: 0 },
  };
  const method = (): Method => ({ plugin: value(), value: take('USING') || take('AS') || take('BY', 'PASSWORD') ? value() : null });
  for (; at < tokens.length; at++) {
    if (take('IDENTIFIED', 'BY', 'PASSWORD')) account.methods.push({ plugin: 'mysql_native_password', value: value() });
    else if (take('IDENTIFIED', 'VIA') || take('IDENTIFIED', 'WITH'))
      do account.methods.push(method());
      while (take('OR'));
    else if (take('ACCOUNT', 'LOCK')) account.isLocked = true;
    else if (take('REQUIRE')) {
      account.demandsTls = !is('NONE');
      account.demandsCertificate = CERTIFICATE.some((word) => is(word));
    } else if (take('MAX_CONNECTIONS_PER_HOUR')) account.perHour.logins = Number(value());
    else if (take('MAX_QUERIES_PER_HOUR')) account.perHour.statements = Number(value());
    else continue;
    at -= 1;
  }
  // An account without a word on its password logs in by an empty one.
  return account.methods.length > 0 ? account : { ...account, methods: [{ plugin: 'mysql_native_password', value: '' }] };
}
