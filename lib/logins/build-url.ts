import { isIPv6 } from 'node:net';
import { ENGINES } from '#lib/contract/engines/engines.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import type { EngineName, TlsMode } from '#lib/engines/engine.ts';

export interface UrlParts {
  engine: EngineName;
  /** IPv6 without brackets. */
  host: string;
  port: number;
  user: string;
  password: Secret;
  database: string;
  sslMode: TlsMode;
}

/** Encodes all but RFC 3986's unreserved characters, so that no shell or template needs quotes around it. */
export const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** node-postgres decodes the path with decodeURI, which leaves these encoded; RFC 3986 lets them stand as they are. */
const encodePath = (text: string): string =>
  encode(text).replace(/%(?:2F|3A|40|26|3D|2B|24|2C|3B)/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));

/**
 * The connection URL, with the password in it: only for the response that is meant to carry it. `prefer` is left out:
 * it is the default of libpq and of MySQL's clients, and node-postgres treats it as `verify-full`.
 */
export function buildUrl({ engine, host, port, user, password, database, sslMode }: UrlParts): string {
  const address = `${isIPv6(host) ? `[${host}]` : encode(host)}:${port}`;
  const { schemes, tls } = ENGINES[engine].url;
  const query = sslMode === 'prefer' ? '' : `?${tls.parameter}=${tls.words[sslMode]}`;
  return `${schemes[0]}://${encode(user)}:${encode(password.reveal())}@${address}/${encodePath(database)}${query}`;
}
