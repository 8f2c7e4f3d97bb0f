import type { EngineName } from '#lib/contract/engines/engines.ts';
import { authority, connectionUrl, encodePassword, percentEncode, splitConnectionUrl, sslQuery } from './connection-url.ts';
import { mysqlDjango, mysqlGo, mysqlJdbc, mysqlPrisma, mysqlRails, mysqlSqlalchemy } from './mysql-frameworks.ts';
import { mysql2, mysqlCli, pdo, wpConfig } from './mysql-snippets.ts';
import { drizzle, nodePostgres, postgresJs, prisma } from './node-postgres-snippets.ts';
import { envLine, quoteDouble, quotePhpEnv, quoteShell } from './quote.ts';
import { c, caNote, type EndpointName, k, password, type SnippetInput, type SnippetLine, s, t, verifies, type Write } from './snippet-tokens.ts';

/** Parameters of other clients, which libpq refuses. */
const NOT_LIBPQ = ['schema', 'connection_limit', 'pool_timeout', 'pgbouncer', 'socket_timeout', 'statement_cache_size', 'ssl', 'uselibpqcompat'];

/** Without the password, which stands in the environment. */
function libpqUrl(chosen: SnippetInput['direct']): string {
  const [before, after] = splitConnectionUrl(chosen);
  const [address = '', query = ''] = after.split(/\?([\s\S]*)/, 2);
  const kept = query.split('&').filter((pair) => pair !== '' && !NOT_LIBPQ.includes(decodeURIComponent(pair.split('=', 1)[0] ?? '')));
  return `${before.slice(0, -1)}${address}${kept.length > 0 ? `?${kept.join('&')}` : ''}`;
}

const psql: Write = (chosen) => [
  [c('# the password is in the environment, not in the process list')],
  ...(verifies(chosen) ? [[c("# set PGSSLROOTCERT to the file of the server's CA, or to /etc/ssl/certs/ca-certificates.crt for a public one")]] : []),
  [k('PGPASSWORD'), t('='), s(quoteShell(password(chosen))), t(' psql '), s(quoteShell(libpqUrl(chosen)))],
];

/** Drivers that read the word for a TLS mode in a URL otherwise than the engine's own client. */
type Notes = (chosen: SnippetInput['direct']) => SnippetLine[];
const mysqlEnvNotes: Notes = ({ sslMode }) =>
  sslMode === 'prefer' || sslMode === 'disable' ? [] : [[c('# mysql2 and PyMySQL do not read ssl-mode: see their snippets')]];
function envNotes({ sslMode }: SnippetInput['direct']): SnippetLine[] {
  if (sslMode === 'verify-ca') return [[c('# node-postgres reads verify-ca as verify-full')]];
  return sslMode === 'require' ? [[c('# node-postgres reads require as verify-full: append &uselibpqcompat=true for it, which libpq refuses')]] : [];
}

const envFile =
  (notes: Notes): Write =>
  (chosen, endpoint, { direct }) => [
    [c('# .env: quotes keep every character as it is')],
    ...notes(chosen),
    envLine('DATABASE_URL', connectionUrl(chosen)),
    ...(endpoint === 'pooled' ? [envLine('DATABASE_URL_UNPOOLED', connectionUrl(direct))] : []),
  ];

const django: Write = (chosen, endpoint) => [
  ...caNote(chosen, '#'),
  [k('DATABASES'), t(' = {')],
  [t('    "default": {')],
  [t('        "ENGINE": '), s('"django.db.backends.postgresql"'), t(',')],
  [t('        "NAME": '), s(quoteDouble(chosen.database)), t(',')],
  [t('        "USER": '), s(quoteDouble(chosen.user)), t(',')],
  [t('        "PASSWORD": '), s(quoteDouble(password(chosen))), t(',')],
  [t('        "HOST": '), s(quoteDouble(chosen.host)), t(',')],
  [t('        "PORT": '), s(`"${chosen.port}"`), t(',')],
  [t('        "OPTIONS": {"sslmode": '), s(`"${chosen.sslMode}"`), t(verifies(chosen) ? ', "sslrootcert": "ca.pem"},' : '},')],
  ...(endpoint === 'pooled' ? [[t('        "DISABLE_SERVER_SIDE_CURSORS": True,'), c('  # a pooler may change the session')]] : []),
  [t('    }')],
  [t('}')],
];

const rails: Write = (chosen, endpoint) => [
  [c('# config/database.yml')],
  ...caNote(chosen, '#'),
  [k('production'), t(':')],
  [k('  adapter'), t(': '), s('postgresql')],
  [k('  host'), t(': '), s(quoteDouble(chosen.host))],
  [k('  port'), t(': '), s(String(chosen.port))],
  [k('  database'), t(': '), s(quoteDouble(chosen.database))],
  [k('  username'), t(': '), s(quoteDouble(chosen.user))],
  [k('  password'), t(': '), s(quoteDouble(password(chosen)))],
  [k('  sslmode'), t(': '), s(chosen.sslMode)],
  ...(verifies(chosen) ? [[k('  sslrootcert'), t(': '), s('ca.pem')]] : []),
  ...(endpoint === 'pooled' ? [[k('  prepared_statements'), t(': '), s('false'), c('  # a pooler may change the session')]] : []),
];

const go: Write = (chosen, endpoint) => [
  ...(verifies(chosen) ? [[c('// for a CA of your own, start the program with PGSSLROOTCERT=ca.pem')]] : []),
  [t('conn, err := pgx.Connect(ctx,')],
  [t('\t'), s(quoteDouble(connectionUrl(chosen, { more: endpoint === 'pooled' ? ['default_query_exec_mode=exec'] : [] }))), t(')')],
];

const jdbc: Write = (chosen, endpoint) => {
  const query = [
    `user=${percentEncode(chosen.user)}`,
    `password=${encodePassword(chosen.password)}`,
    ...sslQuery(chosen),
    ...(verifies(chosen) ? ['sslrootcert=ca.pem'] : []),
    ...(endpoint === 'pooled' ? ['prepareThreshold=0'] : []),
  ];
  const url = `jdbc:postgresql://${authority(chosen.host, chosen.port)}/${percentEncode(chosen.database)}?${query.join('&')}`;
  return [...caNote(chosen, '//'), [t('Connection connection = DriverManager.getConnection(')], [t('    '), s(quoteDouble(url)), t(');')]];
};

/** SQLAlchemy decodes the user and the password of a URL, but not the name of a database: psycopg is given an awkward one beside it. */
const sqlalchemy: Write = (chosen, endpoint) => [
  ...caNote(chosen, '#'),
  [k('from'), t(' sqlalchemy '), k('import'), t(' create_engine')],
  [],
  [t('engine = create_engine(')],
  [t('    '), s(quoteDouble(connectionUrl(chosen, { scheme: 'postgresql+psycopg' }))), t(',')],
  ...connectArgs(chosen, endpoint),
  [t(')')],
];

function connectArgs(chosen: SnippetInput['direct'], endpoint: EndpointName): SnippetLine[] {
  const { database } = chosen;
  const isPooled = endpoint === 'pooled';
  const args = [
    ...(percentEncode(database) === database ? [] : [`"dbname": ${quoteDouble(database)}`]),
    ...(verifies(chosen) ? ['"sslrootcert": "ca.pem"'] : []),
    ...(isPooled ? ['"prepare_threshold": None'] : []),
  ];
  if (args.length === 0) return [];
  return [[t(`    connect_args={${args.join(', ')}},`), ...(isPooled ? [c('  # a pooler may change the session')] : [])]];
}

const laravel =
  (connection: string, tls: Notes): Write =>
  (chosen) => [
    [c('# .env')],
    [k('DB_CONNECTION'), t('='), s(connection)],
    [k('DB_HOST'), t('='), s(quotePhpEnv(chosen.host))],
    [k('DB_PORT'), t('='), s(String(chosen.port))],
    [k('DB_DATABASE'), t('='), s(quotePhpEnv(chosen.database))],
    [k('DB_USERNAME'), t('='), s(quotePhpEnv(chosen.user))],
    [k('DB_PASSWORD'), t('='), s(quotePhpEnv(password(chosen)))],
    ...tls(chosen),
  ];

/** Laravel's own configuration knows the mode since version 12. */
const laravelTls = (chosen: SnippetInput['direct']): SnippetLine[] => [
  [c("# read by config/database.php, in pgsql: 'sslmode' => env('DB_SSLMODE', 'prefer')")],
  [k('DB_SSLMODE'), t('='), s(chosen.sslMode)],
  ...(verifies(chosen) ? [[c("# the server's CA, or a link to /etc/ssl/certs/ca-certificates.crt")], [k('PGSSLROOTCERT'), t('='), s('/path/to/ca.pem')]] : []),
];

/** Laravel's own configuration knows the file of a CA alone; PDO encrypts without verifying by two more of its options. */
function laravelMysqlTls(chosen: SnippetInput['direct']): SnippetLine[] {
  if (verifies(chosen))
    return [[c("# the server's CA, or a link to /etc/ssl/certs/ca-certificates.crt")], [k('MYSQL_ATTR_SSL_CA'), t('='), s('/path/to/ca.pem')]];
  if (chosen.sslMode !== 'require') return [];
  return [
    [c('# TLS is set in config/database.php, behind array_filter([...]) in the options of mysql:')],
    [c("#   + [PDO::MYSQL_ATTR_SSL_CIPHER => 'DEFAULT', PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => false]")],
  ];
}

/** In the order of their tabs. */
const FRAMEWORKS = {
  psql: 'psql',
  mysql: 'mysql',
  env: '.env',
  'wp-config': 'wp-config.php',
  mysql2: 'mysql2',
  pdo: 'PHP PDO',
  prisma: 'Prisma',
  drizzle: 'Drizzle',
  'node-postgres': 'node-postgres',
  'postgres-js': 'postgres.js',
  django: 'Django',
  rails: 'Rails',
  go: 'Go',
  jdbc: 'JDBC',
  sqlalchemy: 'SQLAlchemy',
  laravel: 'Laravel',
};
export type Framework = keyof typeof FRAMEWORKS;

/** The snippets of each engine, by framework. */
const WRITERS: Record<EngineName, Partial<Record<Framework, Write>>> = {
  postgresql: {
    psql,
    env: envFile(envNotes),
    prisma,
    drizzle,
    'node-postgres': nodePostgres,
    'postgres-js': postgresJs,
    django,
    rails,
    go,
    jdbc,
    sqlalchemy,
    laravel: laravel('pgsql', laravelTls),
  },
  mysql: {
    mysql: mysqlCli,
    env: envFile(mysqlEnvNotes),
    'wp-config': wpConfig,
    mysql2,
    pdo,
    prisma: mysqlPrisma,
    django: mysqlDjango,
    rails: mysqlRails,
    go: mysqlGo,
    jdbc: mysqlJdbc,
    sqlalchemy: mysqlSqlalchemy,
    laravel: laravel('mysql', laravelMysqlTls),
  },
};

/** The frameworks that speak to an engine, in the order of their tabs. */
export const frameworksOf = (engine: EngineName) =>
  (Object.keys(FRAMEWORKS) as Framework[]).filter((id) => WRITERS[engine][id]).map((id) => ({ id, label: FRAMEWORKS[id] }));

/**
 * Returns the code that connects one framework, with any password quoted as the framework needs it; masked if the parts are.
 * @throws {TypeError} if the framework has no snippet for the engine
 */
export function writeSnippet(framework: Framework, input: SnippetInput, endpoint: EndpointName): SnippetLine[] {
  const name = endpoint === 'pooled' && input.pooled ? 'pooled' : 'direct';
  const chosen = input[name] ?? input.direct;
  const write = WRITERS[chosen.engine][framework];
  if (!write) throw new TypeError(`No snippet of ${framework} for ${chosen.engine}.`);
  return write(chosen, name, input);
}

export const snippetText = (lines: readonly SnippetLine[]): string => lines.map((line) => line.map(([, text]) => text).join('')).join('\n');
