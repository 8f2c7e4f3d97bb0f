import { X509Certificate } from 'node:crypto';
import { type ParsedUrl, parseUrl } from '#lib/connections/parse-url.ts';
import type { TlsMode } from '#lib/engines/engine.ts';
import { invalidField } from '#lib/errors.ts';
import type { CreateProjectBody } from '#lib/http/wire/project.ts';

/** Everything a body says of where a login lives, checked against itself. */
export interface Target {
  direct: ParsedUrl & { database: string };
  pooled: ParsedUrl | null;
  rotator: ParsedUrl | null;
  /** Null where neither the field nor a URL says. */
  sslMode: TlsMode | null;
  caPem: string | null;
}

type TargetFields = Pick<CreateProjectBody, 'connection_url' | 'pooled_connection_url' | 'rotator_url' | 'ssl_mode' | 'ca_pem'>;

/** A parsed URL beside the login it must belong to. */
type Login = Pick<ParsedUrl, 'engine' | 'host' | 'port' | 'user' | 'password'> & { database: string };

function refuseOtherEngine(field: string, { engine }: ParsedUrl, direct: Pick<Login, 'engine'>): void {
  if (engine !== direct.engine) throw invalidField(field, 'Give a URL with the same scheme as the direct one: one server is of one kind.');
}

/** Parses a pooled URL: the same login and database at another address. */
export function readPooledUrl(text: string, direct: Login): ParsedUrl {
  const field = 'pooled_connection_url';
  const pooled = parseUrl(field, text);
  refuseOtherEngine(field, pooled, direct);
  if (pooled.user !== direct.user) throw invalidField(field, 'Give the pooled URL of the same user: a pooler that logs in as another role is another login.');
  if (pooled.password.reveal() !== direct.password.reveal()) throw invalidField(field, 'The password differs from the one of the direct URL. Copy both again.');
  if (pooled.database !== direct.database) throw invalidField(field, 'Give the same database name as in the direct URL.');
  if (pooled.host === direct.host && pooled.port === direct.port)
    throw invalidField(field, 'This is the direct address. Give the host or port of the pooler, or leave it out.');
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
    throw invalidField(field, 'This is the login itself. A rotator is another role that may change its password; leave it out where the role changes its own.');
  return rotator;
}

export function readCaPem(text: string): string {
  try {
    return new X509Certificate(text).toString();
  } catch {
    throw invalidField('ca_pem', 'Paste a certificate in PEM form, from BEGIN CERTIFICATE to END CERTIFICATE.');
  }
}

/** Parses all URLs of a body. Throws validation_failed, naming the field and the mend. */
export function readTarget(fields: TargetFields): Target {
  const direct = parseUrl('connection_url', fields.connection_url);
  const { database } = direct;
  if (database === null) throw new Error('parseUrl lets no database be left out');
  const login = { ...direct, database };
  const pooled = fields.pooled_connection_url ? readPooledUrl(fields.pooled_connection_url, login) : null;
  const rotator = fields.rotator_url ? readRotatorUrl(fields.rotator_url, login) : null;
  const said = [fields.ssl_mode, direct.sslMode, pooled?.sslMode, rotator?.sslMode].filter((mode) => mode != null);
  if (new Set(said).size > 1)
    throw invalidField('ssl_mode', `Two TLS modes are given, ${[...new Set(said)].join(' and ')}. One server has one: make them the same.`);
  return { direct: login, pooled, rotator, sslMode: said[0] ?? null, caPem: fields.ca_pem ? readCaPem(fields.ca_pem) : null };
}
