// Node builtins and old syntax only: this is what runs in a fresh clone, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const changedAt = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

/**
 * Installs the dependencies unless they are newer than the lock; npm writes its own copy of the lock last. What only tests
 * and checks need, a fifth of it all, comes when it is wanted and stays from then on. It is added to what is there: a Rekey
 * that runs from this folder keeps its files.
 */
export function installDependencies({ withTests = false } = {}) {
  const isCurrent = changedAt(join(root, 'node_modules/.package-lock.json')) >= changedAt(join(root, 'package-lock.json'));
  const hasTests = existsSync(join(root, 'node_modules/vitest'));
  if (isCurrent && (hasTests || !withTests)) return;
  const started = Date.now();
  console.log(`Installing ${isCurrent ? 'what tests need' : 'dependencies'}: half a minute at the first time`);
  const which = withTests || hasTests ? '--include=dev' : '--omit=dev';
  const args = [...(isCurrent ? ['install', '--no-save'] : ['ci']), which, '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    console.error(`npm ${args[0]} failed; nothing else was done. Its own words are above.`);
    process.exit(status ?? 1);
  }
  console.log(`Installed after ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Runs a TypeScript file with this process's arguments: right here, or in the Node of the dependencies where this one is too old. */
export async function runTypeScript(script) {
  if (process.features.typescript) return import(join(root, script));
  const node = join(root, 'node_modules/node/bin/node');
  if (!existsSync(node)) {
    console.error(`Node ${process.versions.node} is too old: Rekey needs 22.18 or later, and none was installed with its dependencies.`);
    process.exit(1);
  }
  const child = spawn(node, [join(root, script), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}
