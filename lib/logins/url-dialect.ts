import type { EngineName, TlsMode } from '#lib/engines/engine.ts';

/** How the URLs of an engine are written. */
export interface UrlDialect {
  /** Its name in a sentence. */
  product: string;
  schemes: readonly string[];
  defaultPort: number;
  /** The longest names in bytes. PostgreSQL cuts longer ones, without a word: the login would be of another name. */
  longest: { user: number; database: number };
  /** The parameter of the TLS mode, and its words; `aliases` are other names and words that clients read. */
  tls: { parameter: string; words: Record<TlsMode, string>; aliases: { parameters: readonly string[]; words: Readonly<Record<string, TlsMode>> } };
  /** Parameters that send the login to another place than the URL shows, or carry another secret. In lower case. */
  redirecting: readonly string[];
  /** Parameters that name a file of certificate authorities on the client's machine. In lower case. */
  caFile: readonly string[];
}

/** Words of clients that switch TLS on or off, without a check of the certificate. */
const SWITCHED: Record<string, TlsMode> = {
  true: 'require',
  '1': 'require',
  on: 'require',
  yes: 'require',
  false: 'disable',
  '0': 'disable',
  off: 'disable',
  no: 'disable',
};

export const URL_DIALECTS: Record<EngineName, UrlDialect> = {
  postgresql: {
    product: 'PostgreSQL',
    schemes: ['postgresql', 'postgres'],
    defaultPort: 5432,
    longest: { user: 63, database: 63 },
    tls: {
      parameter: 'sslmode',
      words: { disable: 'disable', prefer: 'prefer', require: 'require', 'verify-ca': 'verify-ca', 'verify-full': 'verify-full' },
      // libpq tries `allow` without TLS first; Rekey takes TLS where it can be had. `no-verify` is node-postgres's.
      aliases: { parameters: ['ssl'], words: { ...SWITCHED, allow: 'prefer', 'no-verify': 'require' } },
    },
    redirecting: [
      ...['host', 'hostaddr', 'port', 'user', 'username', 'password', 'dbname', 'database', 'service', 'servicefile', 'passfile', 'socket'],
      ...['sslcert', 'sslkey', 'sslpassword', 'scram_client_key', 'scram_server_key', 'oauth_client_secret'],
    ],
    caFile: ['sslrootcert'],
  },
  mysql: {
    product: 'MySQL',
    schemes: ['mysql', 'mariadb'],
    defaultPort: 3306,
    // Both count signs, of four bytes at most: 80 in MariaDB, 64 for the name of a database.
    longest: { user: 320, database: 256 },
    tls: {
      parameter: 'ssl-mode',
      words: { disable: 'DISABLED', prefer: 'PREFERRED', require: 'REQUIRED', 'verify-ca': 'VERIFY_CA', 'verify-full': 'VERIFY_IDENTITY' },
      aliases: { parameters: ['sslmode', 'ssl_mode', 'ssl', 'usessl'], words: SWITCHED },
    },
    redirecting: [
      ...['host', 'port', 'user', 'username', 'password', 'password1', 'password2', 'password3', 'dbname', 'database', 'socket', 'socketpath', 'unix_socket'],
      ...['protocol', 'ssl-cert', 'ssl_cert', 'sslcert', 'ssl-key', 'ssl_key', 'sslkey', 'sslidentity', 'sslpassword'],
    ],
    caFile: ['ssl-ca', 'ssl_ca', 'sslca', 'sslrootcert', 'ssl-capath', 'ssl_capath'],
  },
};

/** The engine that a scheme names; undefined if none does. */
export const engineOfScheme = (scheme: string): EngineName | undefined =>
  (Object.keys(URL_DIALECTS) as EngineName[]).find((engine) => URL_DIALECTS[engine].schemes.includes(scheme));
