// The real process; where a setting is wrong it ends before Next is loaded, so neither build nor server is needed. Another key
// than the database was sealed with is found by instrumentation.ts, as by a worker (workers/main.int.test.ts).
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './run-tool.ts';

it.each<[string, string, string]>([
  ['no encryption key', '', 'Rekey cannot start: REKEY_ENCRYPTION_KEY is missing'],
  ['a placeholder', Buffer.alloc(32).toString('base64'), 'Rekey cannot start: REKEY_ENCRYPTION_KEY is a placeholder'],
])('the web server does not start with %s, and names it', async (_, key, line) => {
  const env = { ...process.env, NODE_ENV: 'production' as const, REKEY_ENCRYPTION_KEY: key };
  const ended = await promisify(execFile)(process.execPath, ['scripts/web.ts'], { cwd: root, env }).catch((error: unknown) => error);
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(line) });
});
