import type { EngineName, TlsMode } from '#lib/engines/engine.ts';

/** How the URLs of an engine are written. */
export interface UrlDialect {
  /** What it is called in a sentence. */
  product: string;
  schemes: readonly string[];
  defaultPort: number;
  /** The longest names in bytes. PostgreSQL cuts longer ones, without a word: the login would be of another name. */
  longest: { user: number; database: number };
  /** The parameter of the TLS mode, and its words. */
  tls: { parameter: string; words: Record<TlsMode, string> };
}

export const URL_DIALECTS: Record<EngineName, UrlDialect> = {
  postgresql: {
    product: 'PostgreSQL',
    schemes: ['postgresql', 'postgres'],
    defaultPort: 5432,
    longest: { user: 63, database: 63 },
    tls: {
      parameter: 'sslmode',
      words: { disable: 'disable', prefer: 'prefer', require: 'require', 'verify-ca': 'verify-ca', 'verify-full': 'verify-full' },
    },
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
    },
  },
};

/** The engine that a scheme names; undefined where none does. */
export const engineOfScheme = (scheme: string): EngineName | undefined =>
  (Object.keys(URL_DIALECTS) as EngineName[]).find((engine) => URL_DIALECTS[engine].schemes.includes(scheme));
