// All checks, then all tests; the last line counts the tests. `--no-e2e` leaves the browser out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeApi, root, runPrisma } from './run-tool.ts';
import { readReports } from './testing/read-reports.ts';
import { requirePrograms } from './testing/require-programs.ts';

const { values } = parseArgs({ options: { 'no-e2e': { type: 'boolean', default: false } } });
const results = join(root, 'test-results');
const failures: string[] = [];

const env = {
  ...process.env,
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  NEXT_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  // Hundreds of processes start, and all compile the same files.
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
};

/** Runs a program of node_modules and prints its output: at once, or at its end if another runs beside it. Resolves to whether it passed. */
async function run(title: string, [file = '', ...args]: string[], { isBeside = false } = {}): Promise<boolean> {
  const started = performance.now();
  if (!isBeside) console.log(`\n== ${title}`);
  const output = isBeside ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, [join(root, 'node_modules', file), ...args], { cwd: root, env, stdio: ['inherit', output, output] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
  const [status] = await once(child, 'close');
  if (isBeside) process.stdout.write(`\n== ${title}\n${Buffer.concat(said)}`);
  console.log(`== ${title}: ${status === 0 ? 'ok' : 'FAILED'} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) failures.push(title);
  return status === 0;
}

/** The build comes first: it takes as long as the machine needs, while a server that does not answer is given up after a time. */
async function runBrowserTests(): Promise<void> {
  if (await run('build', ['../scripts/build.ts'], { isBeside: true })) await run('browser tests', ['@playwright/test/cli.js', 'test'], { isBeside: true });
}

process.chdir(root);
rmSync(results, { recursive: true, force: true });
mkdirSync(results);
requirePrograms([
  'pgbouncer',
  'pgpool2',
  'faketime',
  'postgresql-15',
  'gcc',
  'mariadb-server',
  'mariadb-plugin-cracklib-password-check',
  'php-cli',
  'php-mysql',
  'postgresql-client',
  'curl',
  'python3-psycopg',
  'python3-psycopg2',
  'python3-pymysql',
  'python3-mysqldb',
  'python3-sqlalchemy',
  'python3-django',
  'ruby-activerecord',
  'ruby-pg',
  'ruby-mysql2',
  'default-jdk-headless',
  'libpostgresql-jdbc-java',
  'libmariadb-java',
  'acl',
  'attr',
  ...(values['no-e2e'] ? [] : (['chromium'] as const)),
]);
await runPrisma(['generate']);
await describeApi();
await run('lint and format', ['@biomejs/biome/bin/biome', 'ci', '--error-on-warnings']);
await run('types of the pages', ['next/dist/bin/next', 'typegen']);
await run('types', ['typescript/bin/tsc', '-p', '.']);
await run('unused code', ['knip/bin/knip.js']);
await run('words', ['../scripts/check-words.ts']);
await run('schema', ['../scripts/check-schema.ts']);
// Side by side: each waits for its servers half of the time.
await Promise.all([
  run('unit and integration tests', ['vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json']),
  values['no-e2e'] || runBrowserTests(),
]);

const { passed, failed } = readReports(results);
// Once more at the end, where whoever reads a long log looks first.
for (const failure of failed) console.log(`\nFAILED ${failure.split('\n').slice(0, 12).join('\n  ')}`);
console.log(failures.length > 0 ? `\nFailed: ${failures.join(', ')}.` : '\nAll is well.');
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
