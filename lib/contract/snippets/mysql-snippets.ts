import { authority, type ConnectionParts } from './connection-url.ts';
import { quoteDouble, quotePhp, quoteShell } from './quote.ts';
import { c, caNote, k, password, type SnippetLine, s, t, verifies, type Write } from './snippet-tokens.ts';

const demandsTls = ({ sslMode }: ConnectionParts): boolean => sslMode !== 'prefer' && sslMode !== 'disable';
/** A list of lines, where a condition holds. */
const where = (condition: boolean, ...lines: SnippetLine[]): SnippetLine[] => (condition ? lines : []);

/** The TLS options of the MySQL client and of the MariaDB client: neither accepts the other's. */
const CLIENT_TLS: Record<string, readonly [mysql: string, mariadb: string]> = {
  disable: ['--ssl-mode=DISABLED', '--skip-ssl'],
  require: ['--ssl-mode=REQUIRED', '--ssl --skip-ssl-verify-server-cert'],
  'verify-ca': ['--ssl-mode=VERIFY_CA --ssl-ca=ca.pem', '--ssl --ssl-verify-server-cert --ssl-ca=ca.pem'],
  'verify-full': ['--ssl-mode=VERIFY_IDENTITY --ssl-ca=ca.pem', '--ssl --ssl-verify-server-cert --ssl-ca=ca.pem'],
};

export const mysqlCli: Write = (chosen) => {
  const tls = CLIENT_TLS[chosen.sslMode];
  return [
    [c('# the password is in the environment, not in the process list')],
    ...caNote(chosen, '#'),
    [
      k('MYSQL_PWD'),
      t('='),
      s(quoteShell(password(chosen))),
      t(` mysql --protocol=tcp --host=`),
      s(quoteShell(chosen.host)),
      t(` --port=${chosen.port} --user=`),
      s(quoteShell(chosen.user)),
      t(' --database='),
      s(quoteShell(chosen.database)),
      ...(tls ? [t(` $(mysql --help | grep -q ssl-mode && echo ${tls[0]} || echo ${tls[1]})`)] : []),
    ],
  ];
};

/** mysql2 always verifies the chain, but the host name only with `verifyIdentity`. */
const MYSQL2_TLS: Record<string, string> = { require: '{ rejectUnauthorized: false }', 'verify-ca': '{}', 'verify-full': '{ verifyIdentity: true }' };

export const mysql2: Write = (chosen) => {
  const tls = MYSQL2_TLS[chosen.sslMode];
  return [
    ...where(verifies(chosen), [c('// for a CA of your own, start Node.js with NODE_EXTRA_CA_CERTS=ca.pem')]),
    [k('import'), t(' mysql '), k('from'), t(' '), s("'mysql2/promise'"), t(';')],
    [],
    [k('const'), t(' pool = mysql.createPool({')],
    [t('  host: '), s(quoteDouble(chosen.host)), t(',')],
    [t(`  port: ${chosen.port},`)],
    [t('  user: '), s(quoteDouble(chosen.user)), t(',')],
    [t('  password: '), s(quoteDouble(password(chosen))), t(',')],
    [t('  database: '), s(quoteDouble(chosen.database)), t(',')],
    ...where(tls !== undefined, [t(`  ssl: ${tls},`)]),
    [t('});')],
  ];
};

/** In a DSN a doubled semicolon stands for one. */
const inDsn = (text: string): string => text.replaceAll(';', ';;');

export const pdo: Write = (chosen) => [
  ...caNote(chosen, '//'),
  [t('$db = '), k('new'), t(' PDO(')],
  [t('    '), s(quotePhp(`mysql:host=${inDsn(chosen.host)};port=${chosen.port};dbname=${inDsn(chosen.database)};charset=utf8mb4`)), t(',')],
  [t('    '), s(quotePhp(chosen.user)), t(',')],
  [t('    '), s(quotePhp(password(chosen))), t(',')],
  ...where(verifies(chosen), [t('    [PDO::MYSQL_ATTR_SSL_CA => '), s("'ca.pem'"), t('],')]),
  // The cipher list is what turns TLS on; without a CA there is nothing to verify with.
  ...where(chosen.sslMode === 'require', [
    t('    [PDO::MYSQL_ATTR_SSL_CIPHER => '),
    s("'DEFAULT'"),
    t(', PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => '),
    k('false'),
    t('],'),
  ]),
  [t(');')],
];

const define = (name: string, value: string): SnippetLine => [k('define'), t('( '), s(`'${name}'`), t(', '), s(quotePhp(value)), t(' );')];

export const wpConfig: Write = (chosen) => [
  [c('// wp-config.php')],
  define('DB_NAME', chosen.database),
  define('DB_USER', chosen.user),
  define('DB_PASSWORD', password(chosen)),
  define('DB_HOST', authority(chosen.host, chosen.port)),
  ...where(demandsTls(chosen), [
    k('define'),
    t('( '),
    s("'MYSQL_CLIENT_FLAGS'"),
    t(verifies(chosen) ? ', MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_VERIFY_SERVER_CERT );' : ', MYSQLI_CLIENT_SSL );'),
  ]),
];
