// Runs connection snippets as they are pasted, each by the driver it is for: one process for each language.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { EngineName } from '#lib/engines/engine.ts';

/** `driver` names the program that reads the snippet; `client` is the Prisma client that Prisma's snippet imports. */
export interface Pasted {
  driver: Driver;
  engine: EngineName;
  snippet: string;
  client?: string;
}

/** Who is logged in where and whether over TLS, or what the driver said. */
type Answer = [user: string, database: string, isEncrypted: boolean] | { error: string };

interface Surroundings {
  /** The working folder, which holds `ca.pem` where the snippets ask for one. */
  folder: string;
  /** The CA's file, given to each driver as its snippet says; null where no CA is known. */
  caFile: string | null;
}

const QUESTIONS: Record<EngineName, string> = {
  postgresql: 'SELECT current_user, current_database(), ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  mysql: `SELECT SUBSTRING_INDEX(USER(), '@', 1) AS u, DATABASE() AS d, (SELECT VARIABLE_VALUE <> '' FROM information_schema.session_status WHERE VARIABLE_NAME = 'Ssl_cipher') AS s`,
};

/** Debian's Python, which has Debian's drivers. */
export const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const JARS = ['postgresql', 'mariadb-java-client'].map((name) => `/usr/share/java/${name}.jar`);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

type Run = (pasted: readonly Pasted[], around: Surroundings) => Promise<unknown[]>;

async function run(program: string, args: string[], { folder, caFile }: Surroundings, env: Record<string, string> = {}, input = ''): Promise<string> {
  const known = { PATH: process.env.PATH ?? '', HOME: folder, LC_ALL: 'C.UTF-8', NODE_ENV: 'test' as const, ...env };
  const trusted = caFile && { PGSSLROOTCERT: caFile, NODE_EXTRA_CA_CERTS: caFile };
  const ended = promisify(execFile)(program, args, { cwd: folder, env: { ...known, ...trusted }, maxBuffer: 16 << 20 });
  // A program that reads nothing may be gone already: its answer says why.
  ended.child.stdin?.on('error', () => undefined).end(input);
  return (await ended).stdout;
}

/** Gives a list as JSON to a program that answers with one. */
const byList =
  (program: string, ...args: string[]): Run =>
  async (pasted, around) => {
    const list = pasted.map((one) => ({ ...one, question: QUESTIONS[one.engine] }));
    const answers = JSON.parse((await run(program, args, around, {}, JSON.stringify(list))).trimEnd().split('\n').at(-1) ?? '');
    return (answers as { row?: unknown[]; error?: string }[]).map(({ row, error }) => row ?? { error });
  };

/** One process for each snippet; `ask` answers the fields of its row. */
const oneByOne =
  (ask: (pasted: Pasted, around: Surroundings) => Promise<unknown[]>): Run =>
  (pasted, around) =>
    Promise.all(
      pasted.map((one) => ask(one, around).catch((error: Error & { stderr?: string; stdout?: string }) => ({ error: `${error.stderr}${error.stdout}` }))),
    );

const psql = oneByOne(async ({ snippet, engine }, around) => {
  const out = await run('bash', ['-c', `${snippet} -AtX -F '|' -c "$QUESTION"`], around, { QUESTION: QUESTIONS[engine] });
  return out.trimEnd().split('|');
});

const mysql = oneByOne(async ({ snippet, engine }, around) => {
  const command = `${snippet} -N -B --default-character-set=utf8mb4 -e "$QUESTION"`;
  return (await run('bash', ['-c', command], around, { QUESTION: QUESTIONS[engine] })).trimEnd().split('\t');
});

const php =
  (ini: (around: Surroundings) => string[], ask: string): Run =>
  (pasted, around) =>
    oneByOne(async ({ snippet, engine }) => {
      const file = join(mkdtempSync(join(around.folder, 'php-')), 'snippet.php');
      writeFileSync(file, `<?php\nerror_reporting(E_ALL);\n${snippet}\n${ask}`);
      return JSON.parse(await run('php', [...ini(around), file], around, { QUESTION: QUESTIONS[engine] }));
    })(pasted, around);

const pdo = php(() => [], `echo json_encode($db->query(getenv('QUESTION'))->fetch(PDO::FETCH_NUM));`);

/** As wpdb connects: it knows no CA, so that PHP's own list verifies. */
const wordpress = php(
  ({ caFile }) => (caFile ? ['-d', `openssl.cafile=${caFile}`] : []),
  `[$host, $port] = explode(':', DB_HOST);
$db = mysqli_init();
mysqli_real_connect($db, $host, DB_USER, DB_PASSWORD, null, (int) $port, null, defined('MYSQL_CLIENT_FLAGS') ? MYSQL_CLIENT_FLAGS : 0);
mysqli_set_charset($db, 'utf8mb4');
mysqli_select_db($db, DB_NAME);
echo json_encode($db->query(getenv('QUESTION'))->fetch_row());`,
);

/** A single file that the launcher compiles in memory; it prints one line for each snippet. */
const jdbc: Run = async (pasted, around) => {
  const file = join(mkdtempSync(join(around.folder, 'java-')), 'Snippets.java');
  const methods = pasted.map(({ snippet }, index) => `static Connection open${index}() throws Exception {\n${snippet}\nreturn connection;\n}`);
  const calls = pasted.map(({ engine }, index) => `print(Snippets::open${index}, ${JSON.stringify(QUESTIONS[engine])});`);
  writeFileSync(
    file,
    `import java.sql.*;
import java.util.Properties;
public class Snippets {
interface Open { Connection open() throws Exception; }
static void print(Open snippet, String question) {
  try (Connection connection = snippet.open(); ResultSet row = connection.createStatement().executeQuery(question)) {
    row.next();
    System.out.println(row.getString(1) + "\\t" + row.getString(2) + "\\t" + row.getString(3));
  } catch (Exception error) {
    StringBuilder told = new StringBuilder();
    for (Throwable one = error; one != null; one = one.getCause()) told.append(one).append(' ');
    System.out.println(told.toString().replaceAll("\\\\s", " "));
  }
}
${methods.join('\n')}
public static void main(String[] args) {
${calls.join('\n')}
}
}`,
  );
  const out = await run('java', ['-XX:TieredStopAtLevel=1', '-cp', JARS.join(':'), file], around);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => (line.includes('\t') ? line.split('\t') : { error: line }));
};

const python = byList(PYTHON, here('run.py'));
const node = byList(process.execPath, here('run.mjs'));
const rails = byList('ruby', '-EUTF-8:UTF-8', here('run.rb'));

const DRIVERS = {
  psql,
  mysql,
  pdo,
  'wp-config': wordpress,
  jdbc,
  rails,
  django: python,
  sqlalchemy: python,
  psycopg: python,
  psycopg2: python,
  'node-postgres': node,
  'postgres-js': node,
  drizzle: node,
  prisma: node,
  mysql2: node,
} as const satisfies Record<string, Run>;
export type Driver = keyof typeof DRIVERS;

/** Resolves to the answers in the order of the snippets. */
export async function runSnippets(pasted: readonly Pasted[], around: Surroundings): Promise<Answer[]> {
  const answers: Answer[] = [];
  const runs = new Set(pasted.map(({ driver }) => DRIVERS[driver]));
  await Promise.all(
    [...runs].map(async (runner) => {
      const mine = pasted.flatMap((one, index) => (DRIVERS[one.driver] === runner ? [[one, index] as const] : []));
      const rows = await runner(
        mine.map(([one]) => one),
        around,
      );
      for (const [at, [, index]] of mine.entries()) answers[index] = toAnswer(rows[at]);
    }),
  );
  return answers;
}

function toAnswer(row: unknown): Answer {
  if (!Array.isArray(row)) return row as Answer;
  const [user, database, isEncrypted] = row;
  return [user, database, ['true', 't', '1'].includes(String(isEncrypted).toLowerCase())];
}
