// What the runners of the tests have left behind in their reports.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '#scripts/run-tool.ts';

function readReport<Report>(file: string, otherwise: Report): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return otherwise;
  }
}

type VitestReport = {
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
};

/** Each failed test of vitest with the start of what it said; a file that could not be loaded counts as one. */
function listVitestFailures({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => `${relative(root, name)} › ${test.fullName}\n${test.failureMessages.join('\n')}`);
    return failed.length === 0 && status === 'failed' ? [`${relative(root, name)}\n${message}`] : failed;
  });
}

type PlaywrightSuite = {
  suites?: PlaywrightSuite[];
  specs?: { file: string; title: string; ok: boolean; tests: { results: { error?: { message?: string } }[] }[] }[];
};

function listBrowserFailures({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const failed = specs
    .filter((spec) => !spec.ok)
    .map(({ file, title, tests }) => {
      const said = tests.flatMap(({ results: tries }) => tries.map(({ error }) => error?.message ?? ''));
      return `e2e/${file} › ${title}\n${said.join('\n')}`;
    });
  return [...failed, ...suites.flatMap(listBrowserFailures)];
}

/** How many tests passed, and each that failed with the start of what it said. A missing report counts nothing. */
export function readReports(folder: string): { passed: number; failed: string[] } {
  const vitest = readReport<VitestReport>(join(folder, 'vitest.json'), { numPassedTests: 0, testResults: [] });
  const browser = readReport<PlaywrightSuite & { stats: { expected: number } }>(join(folder, 'e2e.json'), { stats: { expected: 0 } });
  return { passed: vitest.numPassedTests + browser.stats.expected, failed: [...listVitestFailures(vitest), ...listBrowserFailures(browser)] };
}
