// Snippets as they are pasted, run by the driver they are for, against servers with a certificate that signs itself.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeUrl } from '#lib/connections/node-url.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { type ConnectionParts, connectionUrl } from './connection-url.ts';
import { type Framework, snippetText, writeSnippet } from './snippets.ts';

const USER = `o'b "r$HOME?#%41 é`;
const PASSWORD = `p$HOME\`id\`'"?#%41&;=\\x/@: é`;
const DATABASE = 'sh$op?#%41;x';

let postgresql: TestTarget;
let mysql: MariadbTarget;
let folder: string;
let ca: string;
beforeAll(async () => {
  const certificate = makeCertificate('127.0.0.1', 'localhost');
  folder = mkdtempSync(join(tmpdir(), 'rekey-snippets-'));
  ca = join(folder, 'ca.pem');
  writeFileSync(ca, certificate.certPem);
  [postgresql, mysql] = await Promise.all([startTarget({ certificate }), startMariadbTarget({ certificate })]);
  await postgresql.createLogin(USER, { password: PASSWORD });
  await postgresql.sql(`CREATE DATABASE "${DATABASE}"`);
  await mysql.createLogin(USER, { password: PASSWORD });
  await mysql.sql(`CREATE DATABASE \`${DATABASE}\``);
  await mysql.sql(`GRANT ALL ON \`${DATABASE.replace('%', '\\%')}\`.* TO ?@'%'`, [USER]);
});
afterAll(async () => {
  await Promise.all([postgresql?.stop(), mysql?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const run = async (file: string, args: string[], env: Record<string, string>, cwd?: string): Promise<string> =>
  (await promisify(execFile)(file, args, { env: { NODE_ENV: 'test', PATH: process.env.PATH ?? '', HOME: folder, ...env }, ...(cwd && { cwd }) })).stdout;

const PG_QUESTION = 'SELECT current_user, current_database(), ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
const MYSQL_QUESTION = `SELECT SUBSTRING_INDEX(USER(), '@', 1) AS u, DATABASE() AS d, (SELECT VARIABLE_VALUE <> '' FROM information_schema.session_status WHERE VARIABLE_NAME = 'Ssl_cipher') AS s`;

/** Runs the snippet with the question behind it; user, database and whether TLS is used. `caFile`: as the snippet's comment says to name it. */
const RUNNERS: Partial<Record<Framework, (snippet: string, caFile: string | null) => Promise<unknown[]>>> = {
  psql: async (snippet, caFile) => {
    const out = await run('bash', ['-c', `${snippet} -AtX -F '|' -c "$QUESTION"`], { QUESTION: PG_QUESTION, ...(caFile && { PGSSLROOTCERT: caFile }) });
    const [user, database, tls] = out.trimEnd().split('|');
    return [user, database, tls === 't'];
  },
  'node-postgres': async (snippet, caFile) => {
    const code = `${snippet}\nconst { rows } = await pool.query({ text: process.env.QUESTION, rowMode: 'array' });\nconsole.log(JSON.stringify(rows[0]));\nawait pool.end();`;
    return JSON.parse(await run('node', ['--input-type=module', '-e', code], { QUESTION: PG_QUESTION, ...(caFile && { NODE_EXTRA_CA_CERTS: caFile }) }));
  },
  mysql: async (snippet, caFile) => {
    const out = await run(
      'bash',
      ['-c', `${snippet} -N -B --default-character-set=utf8mb4 -e "$QUESTION"`],
      { QUESTION: MYSQL_QUESTION },
      caFile ? folder : '/',
    );
    const [user, database, tls] = out.trimEnd().split('\t');
    return [user, database, tls === '1'];
  },
  mysql2: async (snippet, caFile) => {
    const code = `${snippet}\nconst [[row]] = await pool.query({ sql: process.env.QUESTION, rowsAsArray: true });\nconsole.log(JSON.stringify(row));\nawait pool.end();`;
    const [user, database, tls] = JSON.parse(
      await run('node', ['--input-type=module', '-e', code], { QUESTION: MYSQL_QUESTION, ...(caFile && { NODE_EXTRA_CA_CERTS: caFile }) }),
    );
    return [user, database, tls === 1];
  },
  pdo: async (snippet, caFile) => {
    const code = `<?php\nerror_reporting(E_ALL);\n${snippet}\n$row = $db->query(getenv('QUESTION'))->fetch(PDO::FETCH_NUM);\necho json_encode([$row[0], $row[1], (int) $row[2]]);`;
    const file = join(folder, 'snippet.php');
    writeFileSync(file, code);
    const [user, database, tls] = JSON.parse(await run('php', [file], { QUESTION: MYSQL_QUESTION }, caFile ? folder : '/'));
    return [user, database, tls === 1];
  },
  'wp-config': async (snippet, caFile) => {
    // As wpdb connects: it knows no CA, so that PHP's own list (openssl.cafile) is what verifies.
    const connect = `[$host, $port] = explode(':', DB_HOST);\n$db = mysqli_init();\nmysqli_real_connect($db, $host, DB_USER, DB_PASSWORD, null, (int) $port, null, defined('MYSQL_CLIENT_FLAGS') ? MYSQL_CLIENT_FLAGS : 0);\nmysqli_set_charset($db, 'utf8mb4');\nmysqli_select_db($db, DB_NAME);`;
    const file = join(folder, 'wp-config.php');
    writeFileSync(file, `<?php\n${snippet}\n${connect}\necho json_encode($db->query(getenv('QUESTION'))->fetch_row());`);
    const [user, database, tls] = JSON.parse(await run('php', [...(caFile ? ['-d', `openssl.cafile=${caFile}`] : []), file], { QUESTION: MYSQL_QUESTION }));
    return [user, database, tls === '1'];
  },
};

function parts(engine: ConnectionParts['engine'], sslMode: string): ConnectionParts {
  const { host, port } = (engine === 'mysql' ? mysql : postgresql).target.direct;
  return { engine, host, port, user: USER, password: PASSWORD, database: DATABASE, sslMode };
}

describe.each([
  ['psql', 'postgresql'],
  ['node-postgres', 'postgresql'],
  ['mysql', 'mysql'],
  ['mysql2', 'mysql'],
  ['pdo', 'mysql'],
  ['wp-config', 'mysql'],
] as const)('%s', (framework, engine) => {
  // mysql2 cannot verify an IP address; PDO takes localhost for a socket.
  const host = framework === 'mysql2' ? 'localhost' : '127.0.0.1';
  const connect = (sslMode: string, caFile: string | null = null) => {
    const snippet = snippetText(writeSnippet(framework, { direct: { ...parts(engine, sslMode), host }, pooled: null }, 'direct'));
    return RUNNERS[framework]?.(snippet, caFile);
  };

  test('connects with awkward names and password, without TLS', async () => {
    expect(await connect('disable')).toEqual([USER, DATABASE, false]);
  });
  test('require encrypts with any certificate', async () => {
    expect(await connect('require')).toEqual([USER, DATABASE, true]);
  });
  test('verify-full takes a server of the given CA', async () => {
    expect(await connect('verify-full', ca)).toEqual([USER, DATABASE, true]);
  });
  test('verify-full refuses a server of no known CA', async () => {
    await expect(connect('verify-full')).rejects.toThrow(/certificate|SSL|self-signed/i);
  });
});

describe('a URL for the drivers of Node', () => {
  const ask = async (engine: ConnectionParts['engine'], sslMode: string): Promise<unknown[]> => {
    const url = nodeUrl(engine, connectionUrl({ ...parts(engine, sslMode), database: engine === 'mysql' ? DATABASE : 'postgres' }));
    const connect =
      engine === 'mysql'
        ? "import mysql from 'mysql2/promise'; const pool = mysql.createPool(process.env.URL); const [[row]]"
        : "import pg from 'pg'; const pool = new pg.Pool({ connectionString: process.env.URL }); const { rows: [row] }";
    const rows = engine === 'mysql' ? '{ sql: process.env.QUESTION, rowsAsArray: true }' : "{ text: process.env.QUESTION, rowMode: 'array' }";
    const code = `${connect} = await pool.query(${rows});\nconsole.log(JSON.stringify(row));\nawait pool.end();`;
    const question = engine === 'mysql' ? MYSQL_QUESTION : PG_QUESTION;
    const [user, , tls] = JSON.parse(await run('node', ['--input-type=module', '-e', code], { URL: url, QUESTION: question }));
    return [user, Boolean(tls)];
  };
  test.each([
    ['postgresql', 'disable', false],
    ['postgresql', 'require', true],
    ['mysql', 'disable', false],
    ['mysql', 'require', true],
  ] as const)('connects to %s with %s and a certificate that signs itself', async (engine, sslMode, isEncrypted) => {
    expect(await ask(engine, sslMode)).toEqual([USER, isEncrypted]);
  });
  test.each(['postgresql', 'mysql'] as const)('refuses a %s server of no known CA with verify-full', async (engine) => {
    await expect(ask(engine, 'verify-full')).rejects.toThrow(/certificate|self-signed/i);
  });
});
