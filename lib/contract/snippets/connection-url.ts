import type { TlsMode } from '#lib/contract/engines/engine-facts.ts';
import { ENGINES, type EngineName } from '#lib/contract/engines/engines.ts';
import { MASK } from './mask.ts';

/** What stands in a URL. `password` is null where it is masked. */
export interface ConnectionParts {
  engine: EngineName;
  user: string;
  password: string | null;
  host: string;
  port: number;
  database: string;
  sslMode: TlsMode;
  /** As it was given, without its password; written from the parts where it is absent. */
  url?: string;
}

/** Percent-encodes all but the unreserved characters of RFC 3986, so that the result needs no quoting anywhere. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

export const encodePassword = (password: string | null): string => (password === null ? MASK : percentEncode(password));

/** `host:port` as a URL wants it: an IPv6 address in brackets. */
export const authority = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** node-postgres decodes the path with decodeURI, which leaves these encoded; RFC 3986 lets them stand as they are. */
export const encodePath = (text: string): string =>
  percentEncode(text).replace(/%(?:2F|3A|40|26|3D|2B|24|2C|3B)/g, (triplet) => String.fromCharCode(Number.parseInt(triplet.slice(1), 16)));

/** `prefer` is left out: it is every driver's default, and node-postgres takes the word for `verify-full`. */
export function sslQuery({ engine, sslMode }: Pick<ConnectionParts, 'engine' | 'sslMode'>): string[] {
  if (sslMode === 'prefer') return [];
  const { parameter, words } = ENGINES[engine].url.tls;
  return [`${parameter}=${words[sslMode]}`];
}

/** How a driver wants a URL written: its scheme, and parameters behind those that stand there. */
interface Driver {
  scheme?: string;
  more?: string[];
}

/** The URL's text before and after the password, as the API writes it. */
export function splitConnectionUrl(parts: ConnectionParts, { scheme, more = [] }: Driver = {}): [string, string] {
  const [before, , after] = cutAtPassword(parts.url ?? writeUrl(parts));
  const joint = after.includes('?') ? '&' : '?';
  return [scheme ? before.replace(/^[^:]+/, scheme) : before, more.length > 0 ? `${after}${joint}${more.join('&')}` : after];
}

function writeUrl(parts: ConnectionParts): string {
  const query = sslQuery(parts);
  const search = query.length > 0 ? `?${query.join('&')}` : '';
  return `${parts.engine}://${percentEncode(parts.user)}:@${authority(parts.host, parts.port)}/${encodePath(parts.database)}${search}`;
}

/** The connection URL, whole. */
export function connectionUrl(parts: ConnectionParts, driver: Driver = {}): string {
  const [before, after] = splitConnectionUrl(parts, driver);
  return before + encodePassword(parts.password) + after;
}

/** Cuts a URL that came from the API around its password. */
export function cutAtPassword(url: string): [string, string, string] {
  const match = /^([a-z0-9+]+:\/\/[^:@/?#]*:)([^@/?#]*)(@.*)$/is.exec(url);
  if (!match) throw new TypeError('The URL carries no password.');
  const [, before = '', password = '', after = ''] = match;
  return [before, password, after];
}
