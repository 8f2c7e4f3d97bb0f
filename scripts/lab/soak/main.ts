// `npm run soak`: two web servers, two workers and their store, for an hour, while everything around them breaks:
// `--minutes n` (60), `--logins n` (200), `--seed n`, `--web api` for the API without its pages, `--beside commit` to run
// one half on that commit, as during a rolling upgrade: `before` is the last one before the newest migration, and a folder
// is a checkout that is ready to run.

import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildDashboard, generateCode } from '#scripts/launcher/prepare.ts';
import { root } from '#scripts/run-tool.ts';
import { isFaultless, report } from './report.ts';
import { runSoak } from './run-soak.ts';

// Another version of Rekey in a folder of its own, ready to run.

const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** The last commit before the newest migration: its code has never seen the schema of now. */
const commitBeforeLastMigration = (): string => git('rev-parse', `${git('log', '-1', '--format=%H', '--', 'prisma/migrations')}~1`);

/** Checks a commit out and installs what it needs. Returns its folder and the way to remove it. A folder that is ready to run stays as it is. */
function checkOut(commit: string): { folder: string; remove: () => void } {
  if (existsSync(join(commit, 'package.json'))) return { folder: commit, remove: () => {} };
  const folder = join(mkdtempSync(join(tmpdir(), 'rekey-beside-')), 'checkout');
  git('worktree', 'add', '--detach', folder, commit);
  const remove = () => void git('worktree', 'remove', '--force', folder);
  try {
    const locks = [root, folder].map((one) => readFileSync(join(one, 'package-lock.json'), 'utf8'));
    // The Node that comes as a package needs its install script; the one that runs this serves as well.
    const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
    const run = (...args: string[]) => execFileSync('npm', args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
    if (locks[0] === locks[1]) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    else run('ci', '--ignore-scripts');
    run('run', 'generate');
    return { folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { minutes: { ...text, default: '60' }, logins: { ...text, default: '200' }, seed: text, web: { ...text, default: 'pages' }, beside: text },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const web = values.web === 'api' ? 'api' : 'pages';
const began = Date.now();
const say = (what: string) => console.log(`${((Date.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${what}`);

say(`seed ${seed}, ${values.minutes} minutes`);
await generateCode();
if (web === 'pages') await buildDashboard();
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
const old = values.beside ? checkOut(values.beside === 'before' ? commitBeforeLastMigration() : values.beside) : null;
const size = { minutes: Number(values.minutes), logins: Number(values.logins), clients: 4, restMs: 1_000, everyMs: 10_000 };
const result = await runSoak({ ...size, seed, web, secondFolder: old?.folder, say, signal: stopping.signal }).finally(() => old?.remove());
console.log(report(result));
process.exit(isFaultless(result) ? 0 : 1);
