import { authority, percentEncode } from './connection-url.ts';
import { quoteDouble } from './quote.ts';
import { c, caNote, k, password, type SnippetLine, s, t, verifies, type Write } from './snippet-tokens.ts';

// Each driver has words of its own for TLS, and none reads the `ssl-mode` of a URL. Names and passwords stand in fields
// rather than in URLs, which these drivers decode in different ways.

/** Options of Node's `tls.connect`, which the driver `mariadb` takes. */
const MARIADB_TLS: Record<string, string> = {
  disable: 'false',
  require: '{ rejectUnauthorized: false }',
  'verify-ca': '{ checkServerIdentity: () => undefined }',
  'verify-full': 'true',
};

/** Prisma 7 connects by a driver adapter alone. */
export const mysqlPrisma: Write = (chosen) => [
  [c('// db.ts')],
  ...(verifies(chosen) ? [[c('// for a CA of your own, start Node.js with NODE_EXTRA_CA_CERTS=ca.pem')] as const] : []),
  [k('import'), t(' { PrismaMariaDb } '), k('from'), t(' '), s("'@prisma/adapter-mariadb'"), t(';')],
  [k('import'), t(' { PrismaClient } '), k('from'), t(' '), s("'./generated/prisma/client.ts'"), t(';')],
  [],
  [k('const'), t(' adapter = '), k('new'), t(' PrismaMariaDb({')],
  [t('  host: '), s(quoteDouble(chosen.host)), t(',')],
  [t(`  port: ${chosen.port},`)],
  [t('  user: '), s(quoteDouble(chosen.user)), t(',')],
  [t('  password: '), s(quoteDouble(password(chosen))), t(',')],
  [t('  database: '), s(quoteDouble(chosen.database)), t(',')],
  ...(MARIADB_TLS[chosen.sslMode] === undefined ? [] : [[t(`  ssl: ${MARIADB_TLS[chosen.sslMode]},`)]]),
  [t('});')],
  [k('export const'), t(' prisma = '), k('new'), t(' PrismaClient({ adapter });')],
];

const CLIENT_MODES: Record<string, string> = { disable: 'DISABLED', require: 'REQUIRED', 'verify-ca': 'VERIFY_CA', 'verify-full': 'VERIFY_IDENTITY' };

export const mysqlDjango: Write = (chosen) => {
  const mode = CLIENT_MODES[chosen.sslMode];
  return [
    ...(mode === undefined ? [] : [[c('# ssl_mode needs mysqlclient 2.2 or later')]]),
    ...caNote(chosen, '#'),
    [k('DATABASES'), t(' = {')],
    [t('    "default": {')],
    [t('        "ENGINE": '), s('"django.db.backends.mysql"'), t(',')],
    [t('        "NAME": '), s(quoteDouble(chosen.database)), t(',')],
    [t('        "USER": '), s(quoteDouble(chosen.user)), t(',')],
    [t('        "PASSWORD": '), s(quoteDouble(password(chosen))), t(',')],
    [t('        "HOST": '), s(quoteDouble(chosen.host)), t(',')],
    [t('        "PORT": '), s(`"${chosen.port}"`), t(',')],
    ...(mode === undefined ? [] : [[t('        "OPTIONS": {"ssl_mode": '), s(`"${mode}"`), t(verifies(chosen) ? ', "ssl": {"ca": "ca.pem"}},' : '},')]]),
    [t('    }')],
    [t('}')],
  ];
};

export const mysqlRails: Write = (chosen) => {
  const mode = CLIENT_MODES[chosen.sslMode]?.toLowerCase();
  return [
    [c('# config/database.yml')],
    ...caNote(chosen, '#'),
    [k('production'), t(':')],
    [k('  adapter'), t(': '), s('mysql2')],
    [k('  host'), t(': '), s(quoteDouble(chosen.host))],
    [k('  port'), t(': '), s(String(chosen.port))],
    [k('  database'), t(': '), s(quoteDouble(chosen.database))],
    [k('  username'), t(': '), s(quoteDouble(chosen.user))],
    [k('  password'), t(': '), s(quoteDouble(password(chosen)))],
    ...(mode === undefined ? [] : [[k('  ssl_mode'), t(': '), s(mode)]]),
    // Built with MariaDB's client library, the gem ignores some or all words of ssl_mode; this turns TLS on, and verifies.
    ...(mode === undefined || mode === 'disabled' ? [] : [[k('  sslverify'), t(': '), s(String(verifies(chosen)))]]),
    ...(verifies(chosen) ? [[k('  sslca'), t(': '), s('ca.pem')]] : []),
  ];
};

/** Any dictionary turns TLS on; without a CA there is nothing that PyMySQL verifies with. */
const PYMYSQL_TLS: Record<string, string> = {
  disable: '"ssl_disabled": True',
  require: '"ssl": {"verify_mode": "none"}',
  'verify-ca': '"ssl": {"ca": "ca.pem", "check_hostname": False}',
  'verify-full': '"ssl": {"ca": "ca.pem"}',
};

export const mysqlSqlalchemy: Write = (chosen) => {
  const tls = PYMYSQL_TLS[chosen.sslMode];
  return [
    ...caNote(chosen, '#'),
    [k('from'), t(' sqlalchemy '), k('import'), t(' create_engine')],
    [k('from'), t(' sqlalchemy.engine '), k('import'), t(' URL')],
    [],
    [t('engine = create_engine(')],
    [t('    URL.create(')],
    [t('        '), s('"mysql+pymysql"'), t(',')],
    [t('        username='), s(quoteDouble(chosen.user)), t(',')],
    [t('        host='), s(quoteDouble(chosen.host)), t(',')],
    [t(`        port=${chosen.port},`)],
    [t('        database='), s(quoteDouble(chosen.database)), t(',')],
    [t('    ),')],
    // PyMySQL encodes a password in Latin-1, unless it is given bytes.
    [t('    connect_args={"password": '), s(quoteDouble(password(chosen))), t(`.encode()${tls === undefined ? '' : `, ${tls}`}},`)],
    [t(')')],
  ];
};

/** `go-sql-driver/mysql`. The modes that verify with a CA of one's own need a registered configuration. */
const GO_TLS: Record<string, string> = { disable: 'false', prefer: 'preferred', require: 'skip-verify', 'verify-ca': 'true', 'verify-full': 'true' };

export const mysqlGo: Write = (chosen) => [
  ...(verifies(chosen) ? [[c('// for a CA of your own: mysql.RegisterTLSConfig("ca", &tls.Config{RootCAs: pool}), and TLSConfig = "ca"')] as const] : []),
  [t('config := mysql.NewConfig()')],
  [t('config.Net, config.Addr = '), s('"tcp"'), t(', '), s(quoteDouble(authority(chosen.host, chosen.port)))],
  [t('config.User = '), s(quoteDouble(chosen.user))],
  [t('config.Passwd = '), s(quoteDouble(password(chosen)))],
  [t('config.DBName = '), s(quoteDouble(chosen.database))],
  [t('config.TLSConfig = '), s(`"${GO_TLS[chosen.sslMode]}"`)],
  [t('connector, err := mysql.NewConnector(config)')],
  [t('db := sql.OpenDB(connector)')],
];

/** The words of MariaDB Connector/J 2, which 3 reads as well. Without any it connects in clear text. */
const JDBC_TLS: Record<string, readonly string[]> = {
  require: ['useSsl', 'trustServerCertificate'],
  'verify-ca': ['useSsl', 'disableSslHostnameVerification'],
  'verify-full': ['useSsl'],
};

export const mysqlJdbc: Write = (chosen) => {
  const property = (name: string, value: string): SnippetLine => [t(`properties.setProperty("${name}", `), s(value), t(');')];
  // The driver does not decode the name of a database in a URL.
  const fitsUrl = percentEncode(chosen.database) === chosen.database;
  const url = `jdbc:mariadb://${authority(chosen.host, chosen.port)}/${fitsUrl ? chosen.database : ''}`;
  return [
    ...caNote(chosen, '//'),
    [t('Properties properties = '), k('new'), t(' Properties();')],
    property('user', quoteDouble(chosen.user)),
    property('password', quoteDouble(password(chosen))),
    // Connector/J 2 would encode it as the platform does.
    property('passwordCharacterEncoding', '"UTF-8"'),
    ...(JDBC_TLS[chosen.sslMode] ?? []).map((name) => property(name, '"true"')),
    ...(verifies(chosen) ? [property('serverSslCert', '"ca.pem"')] : []),
    [t('Connection connection = DriverManager.getConnection('), s(quoteDouble(url)), t(', properties);')],
    ...(fitsUrl ? [] : [[t('connection.setCatalog('), s(quoteDouble(chosen.database)), t(');')]]),
  ];
};
