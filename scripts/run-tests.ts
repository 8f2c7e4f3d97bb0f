// All checks, then all tests; the last line counts the tests. `--no-e2e` leaves the browser out.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeApi, root, runPrisma } from './run-tool.ts';
import { readReports } from './testing/read-reports.ts';
import { requirePrograms } from './testing/require-programs.ts';
import { failures, runStep } from './testing/run-step.ts';

const { values } = parseArgs({ options: { 'no-e2e': { type: 'boolean', default: false } } });
const results = join(root, 'test-results');

/** The build comes first: it takes as long as the machine needs, while a server that does not answer is given up after a time. */
async function runBrowserTests(): Promise<void> {
  if (await runStep('build', ['../scripts/build.ts'], { isBeside: true }))
    await runStep('browser tests', ['@playwright/test/cli.js', 'test'], { isBeside: true });
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
await runStep('lint and format', ['@biomejs/biome/bin/biome', 'ci', '--error-on-warnings']);
await runStep('types of the pages', ['next/dist/bin/next', 'typegen']);
await runStep('types', ['typescript/bin/tsc', '-p', '.']);
await runStep('unused code', ['knip/bin/knip.js']);
await runStep('imports', ['../scripts/check-rooms.ts']);
await runStep('switches', ['../scripts/check-switches.ts']);
await runStep('words', ['../scripts/check-words.ts']);
await runStep('schema', ['../scripts/check-schema.ts']);
// Side by side: each waits for its servers half of the time.
await Promise.all([
  runStep('unit and integration tests', ['vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json']),
  values['no-e2e'] || runBrowserTests(),
]);

const { passed, failed } = readReports(results);
// Once more at the end, where whoever reads a long log looks first.
for (const failure of failed) console.log(`\nFAILED ${failure.split('\n').slice(0, 12).join('\n  ')}`);
console.log(failures.length > 0 ? `\nFailed: ${failures.join(', ')}.` : '\nAll is well.');
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
