import { type ConnectionParts, connectionUrl, encodePath } from './connection-url.ts';
import { quoteDouble } from './quote.ts';
import { c, k, password, type SnippetLine, s, t, type Write } from './snippet-tokens.ts';

/** In a URL node-postgres takes `require` and `verify-ca` for `verify-full` (until pg 9), and other drivers refuse its word for them: TLS is set beside the URL. */
const TLS: Record<string, string> = {
  disable: 'false',
  require: '{ rejectUnauthorized: false }',
  'verify-ca': '{ checkServerIdentity: () => undefined }',
  'verify-full': 'true',
};
const CA_COMMENT: SnippetLine = [c('// for a CA of your own, start Node.js with NODE_EXTRA_CA_CERTS=ca.pem')];
const verifies = ({ sslMode }: ConnectionParts): boolean => sslMode.startsWith('verify-');

/** The URL without its TLS mode and CA, each of which would replace the `ssl` object. */
function urlWithoutTls(parts: ConnectionParts): string {
  const [, address = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(connectionUrl(parts)) ?? [];
  const kept = query.split('&').filter((pair) => pair !== '' && !/^(ssl|sslmode|sslrootcert|uselibpqcompat)=/.test(pair));
  return kept.length > 0 ? `${address}?${kept.join('&')}` : address;
}

/** node-postgres decodes the path with decodeURI, which leaves some characters encoded: `?`, `#`. */
const fitsUrl = ({ database }: ConnectionParts): boolean => decodeURI(encodePath(database)) === database;

/** The options of a pool; `url` is an expression for the connection URL, where the URL can carry the connection. */
function options(chosen: ConnectionParts, url: string, fits = fitsUrl(chosen)): SnippetLine[] {
  const place: [string, string][] = fits
    ? [['connectionString', url]]
    : [
        ['host', quoteDouble(chosen.host)],
        ['port', String(chosen.port)],
        ['user', quoteDouble(chosen.user)],
        ['password', quoteDouble(password(chosen))],
        ['database', quoteDouble(chosen.database)],
      ];
  const tls = TLS[chosen.sslMode];
  return [...place.map(([name, value]): SnippetLine => [t(`  ${name}: `), s(value), t(',')]), ...(tls === undefined ? [] : [[t(`  ssl: ${tls},`)]])];
}

export const nodePostgres: Write = (chosen) => [
  ...(verifies(chosen) ? [CA_COMMENT] : []),
  [k('import'), t(' pg '), k('from'), t(' '), s("'pg'"), t(';')],
  [],
  [k('const'), t(' pool = '), k('new'), t(' pg.Pool({')],
  ...options(chosen, quoteDouble(urlWithoutTls(chosen))),
  [t('});')],
];

/** In .env a `$` begins a variable, and encoded it stays encoded in the name of a database: see `fitsUrl`. */
const fitsEnv = (chosen: ConnectionParts): boolean => fitsUrl(chosen) && !chosen.database.includes('$');

export const drizzle: Write = (chosen) => [
  ...(fitsEnv(chosen) ? [[c('# .env')], [k('DATABASE_URL'), t('='), s(`"${urlWithoutTls(chosen).replaceAll('$', '%24')}"`)], []] : []),
  [c('// db.ts')],
  ...(verifies(chosen) ? [CA_COMMENT] : []),
  ...(fitsEnv(chosen) ? [[k('import'), t(' '), s("'dotenv/config'"), t(';')] as const] : []),
  [k('import'), t(' { drizzle } '), k('from'), t(' '), s("'drizzle-orm/node-postgres'"), t(';')],
  [],
  [k('export const'), t(' db = drizzle({ connection: {')],
  ...options(chosen, 'process.env.DATABASE_URL!', fitsEnv(chosen)),
  [t('} });')],
];
