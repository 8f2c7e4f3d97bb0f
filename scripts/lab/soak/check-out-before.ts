// Another version of Rekey in a folder of its own, ready to run.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from '#scripts/run-tool.ts';

const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** The last commit before the newest migration: its code has never seen the schema of now. */
export const commitBeforeLastMigration = (): string => git('rev-parse', `${git('log', '-1', '--format=%H', '--', 'prisma/migrations')}~1`);

/** Checks a commit out and installs what it needs. Returns its folder and the way to remove it. A folder that is ready to run stays as it is. */
export function checkOut(commit: string): { folder: string; remove: () => void } {
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
