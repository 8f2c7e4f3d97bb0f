import { X509Certificate } from 'node:crypto';
import type { CreateProjectBody } from '#lib/contract/project.ts';
import type { TlsMode } from '#lib/engines/engine.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { type ParsedUrl, parseUrl } from '#lib/logins/parse-url.ts';
import { withTlsMode } from '#lib/logins/url-template.ts';

/** Everything a body says of where a login lives, checked against itself. */
export interface Target {
  direct: ParsedUrl & { database: string };
  pooled: ParsedUrl | null;
  rotator: ParsedUrl | null;
  /** Of the direct endpoint; null where neither the field nor its URL says. The pooler's stands in its own URL. */
  sslMode: TlsMode | null;
  caPem: string | null;
}

type TargetFields = Pick<CreateProjectBody, 'connection_url' | 'pooled_connection_url' | 'rotator_url' | 'ssl_mode' | 'ca_pem'>;

/** A parsed URL beside the login it must belong to. */
type Login = Pick<ParsedUrl, 'engine' | 'host' | 'port' | 'user' | 'password'> & { database: string };

function refuseOtherEngine(field: string, { engine }: ParsedUrl, direct: Pick<Login, 'engine'>): void {
  if (engine !== direct.engine) throw invalidField(field, 'Use a URL with the same scheme as the direct one.');
}

/** Parses a pooled URL: the same login at another address, by the names that the pooler has for it. */
export function readPooledUrl(text: string, direct: Login): ParsedUrl {
  const field = 'pooled_connection_url';
  const pooled = parseUrl(field, text);
  refuseOtherEngine(field, pooled, direct);
  if (pooled.password.reveal() !== direct.password.reveal()) throw invalidField(field, 'The password differs from the one of the direct URL. Copy both again.');
  if (pooled.host === direct.host && pooled.port === direct.port)
    throw invalidField(field, 'This is the direct address. Enter the host or port of the pooler, or leave it out.');
  return pooled;
}

/** Parses a rotator URL: another role on the same server. */
export function readRotatorUrl(text: string, direct: Pick<Login, 'engine' | 'host' | 'port' | 'user'>): ParsedUrl {
  const field = 'rotator_url';
  const rotator = parseUrl(field, text, { isDatabaseOptional: true });
  refuseOtherEngine(field, rotator, direct);
  if (rotator.host !== direct.host || rotator.port !== direct.port)
    throw invalidField(field, 'The rotator must log in on the host and port of the direct URL.');
  if (rotator.user === direct.user)
    throw invalidField(field, 'This is the login itself. A rotator is another role that may change its password; leave it out if the role changes its own.');
  return rotator;
}

/**
 * The certificates of a bundle, all of them; what stands between them is left out.
 * @throws {DomainError} validation_failed where there is none, or one cannot be read
 */
export function readCaPem(text: string): string {
  const blocks = text.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g) ?? [];
  const readable = (block: string, index: number): string => {
    try {
      return new X509Certificate(block).toString();
    } catch {
      throw invalidField(
        'ca_pem',
        `Certificate ${index + 1} of ${blocks.length} cannot be read. Paste each in PEM form, from BEGIN CERTIFICATE to END CERTIFICATE.`,
      );
    }
  };
  if (blocks.length === 0) throw invalidField('ca_pem', 'Paste a certificate in PEM form, from BEGIN CERTIFICATE to END CERTIFICATE.');
  return blocks.map(readable).join('');
}

/** A URL's template with the TLS mode of the field, where the URL says none of its own. */
function withMode(url: ParsedUrl, mode: TlsMode | undefined): ParsedUrl {
  if (mode === undefined || url.sslMode !== null) return url;
  return { ...url, sslMode: mode, template: withTlsMode(url.template, url.engine, mode) };
}

/** Parses all URLs of a body. Throws validation_failed, naming the field and the fix. */
export function readTarget(fields: TargetFields): Target {
  const given = parseUrl('connection_url', fields.connection_url);
  const mode = fields.ssl_mode;
  if (mode !== undefined && given.sslMode !== null && given.sslMode !== mode)
    throw invalidField(
      'ssl_mode',
      `There are two TLS modes: the connection URL says ${given.sslMode}, this field ${mode}. Make them equal, or leave this field out.`,
    );
  const { database, ...direct } = withMode(given, mode);
  if (database === null) throw new Error('parseUrl lets no database be left out');
  const login = { ...direct, database };
  const pooled = fields.pooled_connection_url ? withMode(readPooledUrl(fields.pooled_connection_url, login), mode) : null;
  const rotator = fields.rotator_url ? readRotatorUrl(fields.rotator_url, login) : null;
  return { direct: login, pooled, rotator, sslMode: direct.sslMode, caPem: fields.ca_pem ? readCaPem(fields.ca_pem) : null };
}
