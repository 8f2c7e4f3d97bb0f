import { authority, type ConnectionParts } from './connection-url.ts';
import { quoteDouble, quotePhp, quoteShell } from './quote.ts';
import { c, k, password, type SnippetLine, s, t, type Write } from './snippet-tokens.ts';

const demandsTls = ({ sslMode }: ConnectionParts): boolean => sslMode !== 'prefer' && sslMode !== 'disable';
/** A list of lines, where a condition holds. */
const where = (condition: boolean, ...lines: SnippetLine[]): SnippetLine[] => (condition ? lines : []);

export const mysqlCli: Write = (chosen) => [
  [c('# the password stands in the environment, not in the list of processes')],
  ...where(demandsTls(chosen), [c('# TLS: add --ssl-mode=REQUIRED for the client of MySQL, --ssl for that of MariaDB')]),
  [
    k('MYSQL_PWD'),
    t('='),
    s(quoteShell(password(chosen))),
    t(` mysql --protocol=tcp --host=`),
    s(quoteShell(chosen.host)),
    t(` --port=${chosen.port} --user=`),
    s(quoteShell(chosen.user)),
    t(' '),
    s(quoteShell(chosen.database)),
  ],
];

export const mysql2: Write = (chosen) => [
  [k('import'), t(' mysql '), k('from'), t(' '), s("'mysql2/promise'"), t(';')],
  [],
  [k('const'), t(' pool = mysql.createPool({')],
  [t('  host: '), s(quoteDouble(chosen.host)), t(',')],
  [t(`  port: ${chosen.port},`)],
  [t('  user: '), s(quoteDouble(chosen.user)), t(',')],
  [t('  password: '), s(quoteDouble(password(chosen))), t(',')],
  [t('  database: '), s(quoteDouble(chosen.database)), t(',')],
  ...where(demandsTls(chosen), [t(chosen.sslMode === 'require' ? '  ssl: { rejectUnauthorized: false },' : '  ssl: {},')]),
  [t('});')],
];

export const pdo: Write = (chosen) => [
  [t('$db = '), k('new'), t(' PDO(')],
  [t('    '), s(quotePhp(`mysql:host=${chosen.host};port=${chosen.port};dbname=${chosen.database};charset=utf8mb4`)), t(',')],
  [t('    '), s(quotePhp(chosen.user)), t(',')],
  [t('    '), s(quotePhp(password(chosen))), t(',')],
  ...where(demandsTls(chosen), [t('    [PDO::MYSQL_ATTR_SSL_CA => '), s("'/etc/ssl/certs/ca-certificates.crt'"), t('],'), c('  // or the CA of the server')]),
  [t(');')],
];

const define = (name: string, value: string): SnippetLine => [k('define'), t('( '), s(`'${name}'`), t(', '), s(quotePhp(value)), t(' );')];

export const wpConfig: Write = (chosen) => [
  [c('// wp-config.php')],
  define('DB_NAME', chosen.database),
  define('DB_USER', chosen.user),
  define('DB_PASSWORD', password(chosen)),
  define('DB_HOST', authority(chosen.host, chosen.port)),
  ...where(demandsTls(chosen), [k('define'), t('( '), s("'MYSQL_CLIENT_FLAGS'"), t(', MYSQLI_CLIENT_SSL );')]),
];
