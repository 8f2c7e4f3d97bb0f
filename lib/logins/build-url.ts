import { isIPv6 } from 'node:net';
import { ENGINES } from '#lib/contract/engines/engines.ts';
import { encodePath, percentEncode, sslQuery } from '#lib/contract/snippets/connection-url.ts';
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

/**
 * The connection URL, with the password in it: only for the response that is meant to carry it. `prefer` is left out:
 * it is the default of libpq and of MySQL's clients, and node-postgres treats it as `verify-full`.
 */
export function buildUrl({ engine, host, port, user, password, database, sslMode }: UrlParts): string {
  const address = `${isIPv6(host) ? `[${host}]` : percentEncode(host)}:${port}`;
  const query = sslQuery({ engine, sslMode }).map((pair) => `?${pair}`);
  return `${ENGINES[engine].url.schemes[0]}://${percentEncode(user)}:${percentEncode(password.reveal())}@${address}/${encodePath(database)}${query.join('')}`;
}
