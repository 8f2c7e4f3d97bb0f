#!/usr/bin/env node
// Runs the program with the Node.js that the project pins: an older one cannot read TypeScript.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const pinned = join(import.meta.dirname, '../node_modules/node/bin/node');
const program = join(import.meta.dirname, 'main.ts');
const child = spawn(pinned, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of signals) process.on(signal, () => child.kill(signal));
child.on('error', ({ message }) => {
  process.stderr.write(`Cannot run ${pinned}: ${message}. Run \`npm ci\` first.\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code);
  // Ends as the child did, so that a shell sees the signal.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
