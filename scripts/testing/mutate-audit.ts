// `npm run audit:mutate [file of lib]`: takes out each call that writes an audit record, in a scratch copy, and runs the
// tests that `itRecords` names for it. 1 where one of them stays green, or a call has no such test.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { root } from '#scripts/run-tool.ts';

interface Call {
  file: string;
  line: number;
  start: number;
  end: number;
  /** Its action is a parameter: without it others fail too. */
  isPassedOn: boolean;
  /** The test that must fail without it. */
  title: string;
  test: string;
}

/** Calls whose action is a parameter, by file: one of the actions that reach them. */
const PASSED_ON: Record<string, string> = {
  'lib/audit/record-refusal.ts': 'access.refused',
  'lib/audit/try-record-audit.ts': 'audit.verified',
  'lib/campaigns/record-campaign.ts': 'campaign.started',
  'lib/auth/own-password.ts': 'session.confirmation_refused',
  'lib/rotation/machine/settle.ts': 'project.credentials_rotated',
};

/** Titles of `itRecords` tests, and the test file of each. */
function findTests(): Map<string, string> {
  const tests = new Map<string, string>();
  for (const file of globSync('{app,lib,workers}/**/*.int.test.ts', { cwd: root }))
    for (const [, list = ''] of readFileSync(join(root, file), 'utf8').matchAll(/^itRecords\(([^;]*)\);/gm))
      for (const [, title = ''] of list.matchAll(/'([^']+)'/g)) tests.set(title, file);
  return tests;
}

/** Where the parenthesis at `open` is closed. No text within these calls holds a single one. */
function closing(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    if (source[at] === '(') depth += 1;
    else if (source[at] === ')' && --depth === 0) return at + 1;
  }
  throw new Error('a call does not end');
}

function findCalls(): Omit<Call, 'test'>[] {
  const calls = globSync('lib/**/*.ts', { cwd: root, exclude: (name) => name.endsWith('.test.ts') })
    .sort()
    .flatMap((file) => {
      const source = readFileSync(join(root, file), 'utf8');
      return [...source.matchAll(/(?<!function )\b(?:recordAudit|tryRecordAudit|recordRefusal|record)\(/g)].flatMap((match) => {
        // `record` alone is the one of settle.ts, which completes the facts of a rotation.
        if (match[0] === 'record(' && file !== 'lib/rotation/machine/settle.ts') return [];
        const end = closing(source, match.index + match[0].length - 1);
        const named = /'([a-z_]+\.[a-z_]+)'/.exec(source.slice(match.index, end))?.[1];
        const action = named ?? PASSED_ON[file];
        if (!action) throw new Error(`${file} records an action that its call does not name. Name it in PASSED_ON.`);
        const before = source.slice(0, match.index);
        const within = [...before.matchAll(/\bfunction (\w+)/g)].at(-1)?.[1] ?? '';
        return [{ file, within, start: match.index, end, line: before.split('\n').length, title: action, isPassedOn: named === undefined }];
      });
    });
  return calls.map(({ within, ...call }) => {
    const same = calls.filter((one) => one.title === call.title && !one.isPassedOn);
    if (same.length < 2 || call.isPassedOn) return call;
    const isAloneInFile = same.filter((one) => one.file === call.file).length < 2;
    return { ...call, title: `${call.title} (${isAloneInFile ? basename(call.file, '.ts') : within})` };
  });
}

/** A copy of what git knows, with the installed packages of the original. */
function makeScratch(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'rekey-mutants-'));
  for (const file of execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)) {
    mkdirSync(join(scratch, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(scratch, file));
  }
  cpSync(join(root, 'generated'), join(scratch, 'generated'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  return scratch;
}

/** Runs a test file without these calls. Answers the titles of the `itRecords` tests that failed. */
function runWithout(scratch: string, test: string, calls: Call[]): Set<string> {
  const files = Map.groupBy(calls, ({ file }) => file);
  for (const [file, own] of files) {
    let source = readFileSync(join(root, file), 'utf8');
    for (const { start, end } of own.toSorted((a, b) => b.start - a.start)) source = `${source.slice(0, start)}Promise.resolve()${source.slice(end)}`;
    writeFileSync(join(scratch, file), source);
  }
  const report = join(scratch, 'report.json');
  rmSync(report, { force: true });
  spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'int', test, '--reporter=json', `--outputFile=${report}`], {
    cwd: scratch,
    stdio: 'ignore',
  });
  for (const file of files.keys()) cpSync(join(root, file), join(scratch, file));
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as { testResults: { assertionResults: { title: string; status: string }[] }[] };
  const results = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ title }) => title.startsWith('records '));
  if (results.length === 0) throw new Error(`${test} did not run`);
  return new Set(results.filter(({ status }) => status === 'failed').map(({ title }) => title.slice('records '.length)));
}

/** Calls that are taken out together: every other one of a file, so that the tests of the rest show that nothing else broke. */
function inWaves(calls: Call[]): Call[][] {
  const alone = calls.filter((call) => call.isPassedOn).map((call) => [call]);
  const others = calls.filter((call) => !call.isPassedOn);
  return [...alone, others.filter((_, index) => index % 2 === 0), others.filter((_, index) => index % 2 === 1)].filter((wave) => wave.length > 0);
}

const only = process.argv[2];
const tests = findTests();
const found = findCalls().filter(({ file }) => !only || file.includes(only));
const untested = found.filter(({ title }) => !tests.has(title));
const covered = found.flatMap((call) => {
  const test = tests.get(call.title);
  return test ? [{ ...call, test }] : [];
});
const survivors: Call[] = [];
const scratch = makeScratch();
try {
  for (const [test, calls] of Map.groupBy(covered, (call) => call.test))
    for (const wave of inWaves(calls)) {
      const failed = runWithout(scratch, test, wave);
      // A test that fails for another's call proves nothing: then each is taken out alone.
      const isMixed = wave.length > 1 && [...failed].some((title) => !wave.some((call) => call.title === title));
      for (const call of wave) {
        const isCaught = (isMixed ? runWithout(scratch, test, [call]) : failed).has(call.title);
        if (!isCaught) survivors.push(call);
        console.log(`${isCaught ? 'caught  ' : 'SURVIVED'} ${call.file}:${call.line} ${call.title} (${test})`);
      }
    }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const { file, line, title } of untested) console.log(`UNTESTED ${file}:${line} ${title}: no itRecords names it`);
console.log(`${covered.length - survivors.length} of ${found.length} calls that record were taken out and caught.`);
process.exitCode = survivors.length + untested.length > 0 ? 1 : 0;
