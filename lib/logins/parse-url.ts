import type { EngineFacts, UrlDialect } from '#lib/contract/engines/engine-facts.ts';
import { ENGINE_NAMES, ENGINES, engineOfScheme } from '#lib/contract/engines/engines.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { EngineName, TlsMode } from '#lib/engines/engine.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { parameterFaults, readTlsMode } from './url-parameters.ts';
import { templateOf } from './url-template.ts';

/** The parts of a connection URL. */
export interface ParsedUrl {
  engine: EngineName;
  /** In lower case; IPv6 without brackets. */
  host: string;
  port: number;
  user: string;
  password: Secret;
  /** Null only if the caller allows it to be left out. */
  database: string | null;
  /** Null if the URL does not set it. */
  sslMode: TlsMode | null;
  /** The URL as it was given, without its password. */
  template: string;
}

const ENCODE = 'Percent-encode special characters in the user and the password: @ as %40, : as %3A, / as %2F, # as %23, ? as %3F, % as %25.';
const SEVERAL_HOSTS = 'Name one host, that of the primary: a URL with several hosts cannot be adopted.';
const exampleOf = ({ schemes, defaultPort }: UrlDialect): string => `${schemes[0]}://user:password@db.example.com:${defaultPort}/mydb`;

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function hostFault(host: string | null): string | null {
  if (!host) return 'Name the host after the @.';
  if (host.includes(',')) return SEVERAL_HOSTS;
  if (host.startsWith('/')) return 'Name a host that is reachable by TCP: a socket folder cannot be adopted.';
  return null;
}

function nameFault(what: 'user' | 'database', name: string | null | undefined, { product, url: { longest } }: EngineFacts): string | null {
  const bytes = Buffer.byteLength(name ?? '');
  if (bytes <= longest[what]) return null;
  return `The name of the ${what} has ${bytes} bytes, and ${product} keeps only the first ${longest[what]} of a name: enter it as the server shows it.`;
}

const BEGINNINGS = ENGINE_NAMES.map((name) => `${ENGINES[name].url.schemes[0]}://`);

/** Why a URL with the right scheme is none. */
function unreadable(url: string, dialect: UrlDialect): string {
  if (/@[^/?#]*,/.test(url)) return 'Name one host: several in one URL cannot be adopted. Give the address of the primary.';
  if (/@(?=[:/?]|$)/.test(url)) return 'Name the host after the @.';
  // With a port after each the URL has no form that a parser knows.
  if (/@[^/?@]*,/.test(url)) return SEVERAL_HOSTS;
  if (/:\d{5,}(?=[/?]|$)/.test(url)) return 'Enter a port from 1 to 65535.';
  return `The URL cannot be read; it should look like ${exampleOf(dialect)}. ${ENCODE}`;
}

/**
 * Parses a URL of PostgreSQL (postgresql://, postgres://), MySQL or MariaDB (mysql://, mariadb://).
 * @throws {DomainError} validation_failed for `field`, with a sentence for each thing that is missing or wrong. It never quotes the URL.
 */
export function parseUrl(field: string, text: string, options: { isDatabaseOptional?: boolean } = {}): ParsedUrl {
  const refuse = (faults: string[]) => new DomainError('validation_failed', `${field}: ${faults[0]} Nothing was changed.`, { fields: { [field]: faults } });
  const url = text.trim();
  const engine = engineOfScheme(/^([a-z][a-z0-9+.:-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '');
  if (!engine) throw refuse([`Give a URL that begins with ${BEGINNINGS.join(' or ')}, such as ${exampleOf(ENGINES.postgresql.url)}.`]);
  const dialect = ENGINES[engine].url;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed) throw refuse([unreadable(url, dialect)]);
  // A raw / ? or # in the user or password ends the address early: the @ then stands after it.
  if (parsed.hash || (!parsed.username && (parsed.pathname + parsed.search).includes('@'))) throw refuse([ENCODE]);

  const [user, password, host, database] = [parsed.username, parsed.password, parsed.hostname, parsed.pathname.slice(1)].map(decode);
  const address = host?.replace(/^\[(.*)\]$/, '$1').toLowerCase() ?? null;
  const port = parsed.port === '' ? dialect.defaultPort : Number(parsed.port);
  const faults = [
    user === null || password === null || database === null ? ENCODE : null,
    /%00/.test(url) ? 'Leave out %00: no part of a connection URL can hold that character.' : null,
    user === '' ? 'Name the user before the @.' : nameFault('user', user, ENGINES[engine]),
    password === '' ? 'Add the password after the user: user:password@host. Rekey cannot rotate a password it does not know.' : null,
    hostFault(address),
    port === 0 ? 'Enter a port from 1 to 65535.' : null,
    database === '' && !options.isDatabaseOptional ? 'Add the name of the database after the host: …/mydb.' : nameFault('database', database, ENGINES[engine]),
    ...parameterFaults(parsed.searchParams, dialect),
    /[\t\r\n]/.test(url) ? 'Leave out the line breaks and tabs.' : null,
  ].filter((fault) => fault !== null);
  if (faults.length > 0 || !user || !password || !address) throw refuse(faults);
  return {
    engine,
    host: address,
    port,
    user,
    password: new Secret(password),
    database: database || null,
    sslMode: readTlsMode(parsed.searchParams, dialect) ?? null,
    template: templateOf(url),
  };
}
