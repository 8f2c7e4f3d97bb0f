#!/usr/bin/env node
// Runs the program with the Node.js that the project pins: an older one cannot read TypeScript.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const pinned = join(import.meta.dirname, '../node_modules/node/bin/node');
const program = join(import.meta.dirname, 'main.ts');
const { status, signal } = spawnSync(pinned, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
if (signal) process.kill(process.pid, signal);
process.exitCode = status ?? 1;
