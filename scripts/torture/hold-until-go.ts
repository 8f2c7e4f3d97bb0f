// Loaded before workers/main.ts: loads what takes long and waits for a line of JSON, the worker's further environment.
// A worker so begun is a fresh process that starts at once.
import { once } from 'node:events';
import { createInterface } from 'node:readline';

await Promise.all([import('#generated/prisma/client.ts'), import('@prisma/adapter-pg'), import('pg-boss'), import('p-limit'), import('pino'), import('zod')]);
const input = createInterface({ input: process.stdin });
// Whoever began this worker is gone.
input.once('close', () => process.kill(process.pid, 'SIGKILL'));
const [line] = await once(input, 'line');
Object.assign(process.env, JSON.parse(String(line)));
