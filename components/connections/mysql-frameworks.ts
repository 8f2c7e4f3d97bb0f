import { authority, type ConnectionParts, percentEncode } from './connection-url.ts';
import { quoteDouble } from './quote.ts';
import { c, k, password, type SnippetLine, s, t, type Write } from './snippet-tokens.ts';

// Each driver has words of its own for TLS, and none reads the `ssl-mode` of a URL. Names and passwords stand in fields
// rather than in URLs, which these drivers decode in different ways.

const verifies = ({ sslMode }: ConnectionParts): boolean => sslMode.startsWith('verify-');
const CA = "the server's CA, or a link to /etc/ssl/certs/ca-certificates.crt";
const caNote = (chosen: ConnectionParts, mark: string): SnippetLine[] => (verifies(chosen) ? [[c(`${mark} ca.pem: ${CA}`)]] : []);

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
    ...(verifies(chosen) ? [[k('  sslca'), t(': '), s('ca.pem')]] : []),
  ];
};

/** Any dictionary turns TLS on; without a CA there is nothing that PyMySQL verifies with. */
const PYMYSQL_TLS: Record<string, string> = {
  disable: '{"ssl_disabled": True}',
  require: '{"ssl": {"verify_mode": "none"}}',
  'verify-ca': '{"ssl": {"ca": "ca.pem", "check_hostname": False}}',
  'verify-full': '{"ssl": {"ca": "ca.pem"}}',
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
    [t('        password='), s(quoteDouble(password(chosen))), t(',')],
    [t('        host='), s(quoteDouble(chosen.host)), t(',')],
    [t(`        port=${chosen.port},`)],
    [t('        database='), s(quoteDouble(chosen.database)), t(',')],
    [t('    ),')],
    ...(tls === undefined ? [] : [[t(`    connect_args=${tls},`)]]),
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

/** Of MariaDB Connector/J 3: its word for `require` is `trust`. */
const JDBC_TLS: Record<string, string> = { disable: 'disable', require: 'trust', 'verify-ca': 'verify-ca', 'verify-full': 'verify-full' };

export const mysqlJdbc: Write = (chosen) => {
  const mode = JDBC_TLS[chosen.sslMode];
  const property = (name: string, value: string): SnippetLine => [t(`properties.setProperty("${name}", `), s(value), t(');')];
  return [
    ...caNote(chosen, '//'),
    [t('Properties properties = '), k('new'), t(' Properties();')],
    property('user', quoteDouble(chosen.user)),
    property('password', quoteDouble(password(chosen))),
    ...(mode === undefined ? [] : [property('sslMode', `"${mode}"`)]),
    ...(verifies(chosen) ? [property('serverSslCert', '"ca.pem"')] : []),
    [t('Connection connection = DriverManager.getConnection(')],
    [t('    '), s(quoteDouble(`jdbc:mariadb://${authority(chosen.host, chosen.port)}/${percentEncode(chosen.database)}`)), t(', properties);')],
  ];
};
