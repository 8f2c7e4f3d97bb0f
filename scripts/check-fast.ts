// `npm run check:fast [-- commit]`: what a minute and a half can tell of the changes since a commit (the last one by default).
// `npm test` remains the judge.
import { execFileSync } from 'node:child_process';
import { dirname, relative } from 'node:path';
import { BaseSequencer, createVitest, type TestSpecification } from 'vitest/node';
import { root } from './run-tool.ts';
import { isLong } from './testing/long-files.ts';
import { failures, runStep } from './testing/run-step.ts';

/** After so long no further integration test begins. */
const BUDGET_MS = 80_000;

process.chdir(root);
const [commit = 'HEAD'] = process.argv.slice(2);

const git = (...args: string[]): string[] => execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean);
const changed = [...git('diff', '--name-only', commit, '--'), ...git('ls-files', '--others', '--exclude-standard')];

async function runInTurn(...steps: [title: string, ...command: string[]][]): Promise<void> {
  for (const [title, ...command] of steps) await runStep(title, command, { isBeside: true });
}

/** How many folders a file shares with the nearest change, from the root on; more than any folder where it changed itself. */
function nearness(path: string): number {
  if (changed.includes(path)) return Number.POSITIVE_INFINITY;
  const folders = dirname(path).split('/');
  return Math.max(
    ...changed.map((other) => folders.findIndex((folder, n) => dirname(other).split('/')[n] !== folder)).map((n) => (n < 0 ? folders.length : n)),
  );
}

/** The nearest to the change first, and no long ones. */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => nearness(relative(root, b.moduleId)) - nearness(relative(root, a.moduleId)));
  }
}

/** The integration tests that a change may touch, by the imports, as many as there is time for. Returns the files that were left out. */
async function runIntegration(): Promise<string[]> {
  const vitest = await createVitest('test', { watch: false, project: ['int'], changed: commit, passWithNoTests: true, sequence: { sequencer: NearestFirst } });
  try {
    const touched = await vitest.getRelevantTestSpecifications();
    const [long, short] = [true, false].map((wanted) => touched.filter(({ moduleId }) => isLong(moduleId) === wanted).map(({ moduleId }) => moduleId));
    if (!short?.length) return long ?? [];
    const timer = setTimeout(() => void vitest.cancelCurrentRun('keyboard-input'), BUDGET_MS - performance.now());
    const { testModules, unhandledErrors } = await vitest.start(short);
    clearTimeout(timer);
    if (unhandledErrors.length > 0 || testModules.some((one) => one.state() === 'failed')) failures.push('integration tests');
    const hasRun = new Set(testModules.filter((one) => one.state() === 'passed' || one.state() === 'failed').map(({ moduleId }) => moduleId));
    return [...(long ?? []), ...short.filter((file) => !hasRun.has(file))];
  } finally {
    await vitest.close();
  }
}

await Promise.all([
  runInTurn(
    ['lint and format', '@biomejs/biome/bin/biome', 'ci', '--error-on-warnings'],
    ['types of the pages', 'next/dist/bin/next', 'typegen'],
    ['types', 'typescript/bin/tsc', '-p', '.'],
    ['imports', '../scripts/check-rooms.ts'],
    ['switches', '../scripts/check-switches.ts'],
  ),
  runInTurn(['unit tests', 'vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter=dot']),
]);
const left = await runIntegration();
if (left.length > 0)
  console.log(`\nThe change may touch these as well, which \`npm test\` runs:\n${left.map((file) => `  ${relative(root, file)}`).join('\n')}`);
console.log(failures.length > 0 ? `\nFailed: ${failures.join(', ')}.` : '\nAll is well.');
process.exitCode = failures.length > 0 ? 1 : 0;
