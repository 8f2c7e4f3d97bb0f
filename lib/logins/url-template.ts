import { isIPv6 } from 'node:net';
import { ENGINES } from '#lib/contract/engines/engines.ts';
import { percentEncode } from '#lib/contract/snippets/connection-url.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import type { EngineName, TlsMode } from '#lib/engines/engine.ts';
import { saysTls } from './url-parameters.ts';

/** The parts of a URL around its password: `scheme://user:` and all from the last @ of the address on. */
const AROUND = /^([a-z][a-z0-9+.-]*:\/\/[^:@/?#]*)(?::[^/?#]*)?(@[^@/?#]*(?:[/?#][\s\S]*)?)$/i;

function cut(url: string): [string, string] {
  const [, before, after] = AROUND.exec(url) ?? [];
  if (before === undefined || after === undefined) throw new TypeError('a URL without a user');
  return [before, after];
}

/** A URL without its password, byte for byte. */
export function templateOf(url: string): string {
  const [before, after] = cut(url);
  return `${before}:${after}`;
}

/** The URL with a password: nothing else of it changes. */
export function fillTemplate(template: string, password: Secret): string {
  const [before, after] = cut(template);
  return `${before}:${percentEncode(password.reveal())}${after}`;
}

interface Address {
  host: string;
  port: number;
  user: string;
  database: string;
}

/** Whether a template belongs to this login at this address: it may have been entered for an older one. */
export function isTemplateOf(template: string, { host, port, user, database }: Address, defaultPort: number): boolean {
  const url = new URL(template);
  const is = (part: string, wanted: string): boolean => decodeURIComponent(part) === wanted;
  const bare = isIPv6(host) ? `[${host}]` : host;
  return is(url.hostname.toLowerCase(), bare) && Number(url.port || defaultPort) === port && is(url.username, user) && is(url.pathname.slice(1), database);
}

/** The template with another TLS mode in place of its own, after all other parameters. */
export function withTlsMode(template: string, engine: EngineName, mode: TlsMode): string {
  const dialect = ENGINES[engine].url;
  const [address = '', query = ''] = template.split(/\?([\s\S]*)/, 2);
  const others = query.split('&').filter((one) => one !== '' && !saysTls([...new URLSearchParams(one).keys()][0] ?? '', dialect));
  return `${address}?${[...others, `${dialect.tls.parameter}=${dialect.tls.words[mode]}`].join('&')}`;
}
