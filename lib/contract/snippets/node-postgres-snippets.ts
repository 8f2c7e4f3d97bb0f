import { type ConnectionParts, connectionUrl, encodePath } from './connection-url.ts';
import { envLine, quoteDouble } from './quote.ts';
import { c, k, password, type SnippetLine, s, t, verifies, type Write } from './snippet-tokens.ts';

/** In a URL node-postgres takes `require` and `verify-ca` for `verify-full` (until pg 9), and other drivers refuse its word for them: TLS is set beside the URL. */
const TLS: Record<string, string> = {
  disable: 'false',
  require: '{ rejectUnauthorized: false }',
  'verify-ca': '{ checkServerIdentity: () => undefined }',
  'verify-full': 'true',
};
const CA_COMMENT: SnippetLine = [c('// for a CA of your own, start Node.js with NODE_EXTRA_CA_CERTS=ca.pem')];

/** The URL without its TLS mode and CA, each of which would replace the `ssl` object. */
function urlWithoutTls(parts: ConnectionParts): string {
  const [, address = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(connectionUrl(parts)) ?? [];
  const kept = query.split('&').filter((pair) => pair !== '' && !/^(ssl|sslmode|sslrootcert|uselibpqcompat)=/.test(pair));
  return kept.length > 0 ? `${address}?${kept.join('&')}` : address;
}

/** node-postgres decodes the path with decodeURI, which leaves some characters encoded: `?`, `#`. */
const fitsUrl = ({ database }: ConnectionParts): boolean => decodeURI(encodePath(database)) === database;

/** The options of a pool; `url` is an expression for the connection URL, where the URL can carry the connection. */
const options = (chosen: ConnectionParts, url: string, fits = fitsUrl(chosen)): SnippetLine[] => [
  ...(fits ? [field('connectionString', url)] : fields(chosen)),
  ...tlsField(chosen),
];

const field = (name: string, value: string): SnippetLine => [t(`  ${name}: `), s(value), t(',')];
const fields = (chosen: ConnectionParts, user = 'user'): SnippetLine[] => [
  field('host', quoteDouble(chosen.host)),
  field('port', String(chosen.port)),
  field(user, quoteDouble(chosen.user)),
  field('password', quoteDouble(password(chosen))),
  field('database', quoteDouble(chosen.database)),
];
const tlsField = ({ sslMode }: ConnectionParts): SnippetLine[] => (TLS[sslMode] === undefined ? [] : [[t(`  ssl: ${TLS[sslMode]},`)]]);

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
  ...(fitsEnv(chosen) ? [[c('# .env')], envLine('DATABASE_URL', urlWithoutTls(chosen)), []] : []),
  [c('// db.ts')],
  ...(verifies(chosen) ? [CA_COMMENT] : []),
  ...(fitsEnv(chosen) ? [[k('import'), t(' '), s("'dotenv/config'"), t(';')] as const] : []),
  [k('import'), t(' { drizzle } '), k('from'), t(' '), s("'drizzle-orm/node-postgres'"), t(';')],
  [],
  [k('export const'), t(' db = drizzle({ connection: {')],
  ...options(chosen, 'process.env.DATABASE_URL!', fitsEnv(chosen)),
  [t('} });')],
];

/** It passes a parameter of a URL that it does not know on to the server, which refuses it. */
export const postgresJs: Write = (chosen, endpoint) => [
  ...(verifies(chosen) ? [CA_COMMENT] : []),
  [k('import'), t(' postgres '), k('from'), t(' '), s("'postgres'"), t(';')],
  [],
  [k('const'), t(' sql = postgres({')],
  ...fields(chosen, 'username'),
  ...tlsField(chosen),
  ...(endpoint === 'pooled' ? [[t('  prepare: false,'), c(' // a pooler may change the session')]] : []),
  [t('});')],
];

/** Prisma 7 connects by a driver adapter, node-postgres; the URL of its configuration is for migrations. */
export const prisma: Write = (chosen, endpoint, { direct }) => {
  const isPooled = endpoint === 'pooled';
  const url = (parts: ConnectionParts): string => connectionUrl(parts, { more: parts.sslMode === 'require' ? ['uselibpqcompat=true'] : [] });
  const imported = (what: string, from: string): SnippetLine => [k('import'), t(` ${what} `), k('from'), t(' '), s(`'${from}'`), t(';')];
  const dotenv: SnippetLine = [k('import'), t(' '), s("'dotenv/config'"), t(';')];
  return [
    [c('# .env')],
    envLine('DATABASE_URL', url(chosen)),
    ...(isPooled ? [envLine('DATABASE_URL_UNPOOLED', url(direct))] : []),
    [],
    [c(isPooled ? '// prisma.config.ts: migrations do not go through a pooler' : '// prisma.config.ts')],
    dotenv,
    imported('{ defineConfig, env }', 'prisma/config'),
    [k('export default'), t(' defineConfig({ datasource: { url: env('), s(isPooled ? "'DATABASE_URL_UNPOOLED'" : "'DATABASE_URL'"), t(') } });')],
    [],
    [c('// db.ts')],
    ...(verifies(chosen) ? [CA_COMMENT] : []),
    dotenv,
    imported('{ PrismaPg }', '@prisma/adapter-pg'),
    imported('{ PrismaClient }', './generated/prisma/client.ts'),
    [],
    [k('const'), t(' adapter = '), k('new'), t(' PrismaPg({')],
    ...(fitsEnv(chosen) ? [field('connectionString', 'process.env.DATABASE_URL!')] : [...fields(chosen), ...tlsField(chosen)]),
    [t('});')],
    [k('export const'), t(' prisma = '), k('new'), t(' PrismaClient({ adapter });')],
  ];
};
