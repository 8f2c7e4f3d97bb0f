// All checks and tests, one after the other; the last line counts the tests. `--no-e2e` leaves the browser out.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeApi, root, runPrisma } from './run-tool.ts';
import { requirePrograms } from './testing/require-programs.ts';

const { values } = parseArgs({ options: { 'no-e2e': { type: 'boolean', default: false } } });
const results = join(root, 'test-results');
const failures: string[] = [];

const env = {
  ...process.env,
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  NEXT_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
};

function run(title: string, ...command: string[]): void {
  const started = performance.now();
  console.log(`\n== ${title}`);
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', command[0] ?? ''), ...command.slice(1)], { cwd: root, env, stdio: 'inherit' });
  console.log(`== ${title}: ${status === 0 ? 'ok' : 'FAILED'} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) failures.push(title);
}

function readReport(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(join(results, file), 'utf8'));
  } catch {
    return {};
  }
}

function countTests(): { passed: number; failed: number } {
  const vitest = readReport('vitest.json') as { numPassedTests?: number; numFailedTests?: number };
  const e2e = (readReport('e2e.json').stats ?? {}) as { expected?: number; unexpected?: number; flaky?: number };
  return {
    passed: (vitest.numPassedTests ?? 0) + (e2e.expected ?? 0),
    failed: (vitest.numFailedTests ?? 0) + (e2e.unexpected ?? 0) + (e2e.flaky ?? 0),
  };
}

process.chdir(root);
rmSync(results, { recursive: true, force: true });
mkdirSync(results);
requirePrograms(['pgbouncer', 'mariadb-server', 'php-cli', 'curl', ...(values['no-e2e'] ? [] : (['chromium', 'postgresql-client'] as const))]);
await runPrisma(['generate']);
await describeApi();
run('lint and format', '@biomejs/biome/bin/biome', 'ci', '--error-on-warnings');
run('types of the pages', 'next/dist/bin/next', 'typegen');
run('types', 'typescript/bin/tsc', '-p', '.');
run('unused code', 'knip/bin/knip.js');
run('schema', '../scripts/check-schema.ts');
run('unit and integration tests', 'vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json');
if (!values['no-e2e']) run('browser tests', '@playwright/test/cli.js', 'test');

const { passed, failed } = countTests();
console.log(failures.length > 0 ? `\nFailed: ${failures.join(', ')}.` : '\nAll is well.');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
