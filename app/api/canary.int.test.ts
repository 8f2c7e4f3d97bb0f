// Promise 28, with every feature: nothing secret stands in a log at its most talkative, a table, a queue, an answer, a
// webhook, the log of a database server, or a command line.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { checkEncryptionKeys } from '#lib/crypto/check-keys.ts';
import { env } from '#lib/kernel/env.ts';
import { renderMetrics } from '#lib/metrics/render-metrics.ts';
import { root } from '#scripts/run-tool.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { findSecrets, readCommandLines, readTables } from '#scripts/testing/canary.ts';
import { exerciseEverything } from '#scripts/testing/exercise-everything.ts';
import { type ProviderFakes, startProviderFakes } from '#scripts/testing/provider-fakes.ts';
import { type RunningWorker, runWorker } from '#scripts/testing/run-worker.ts';
import { until } from '#scripts/torture/until.ts';

let fakes: ProviderFakes;
let worker: RunningWorker;
let web: ChildProcess;
let origin: string;
let said = '';

beforeAll(async () => {
  await checkEncryptionKeys();
  origin = `http://127.0.0.1:${await freePort()}`;
  fakes = await startProviderFakes();
  const settings = { ...fakes.env, REKEY_LOG_LEVEL: 'debug', NEXTAUTH_URL: origin };
  worker = runWorker(settings);
  web = spawn(process.execPath, ['scripts/testing/serve-api-process.ts'], { cwd: root, env: { ...process.env, ...settings } });
  for (const stream of [web.stdout, web.stderr]) stream?.on('data', (bytes: Buffer) => (said += bytes));
  await Promise.all([worker.ready, until('the API to be served', () => said.includes('api ready'))]);
});
afterAll(async () => {
  web.kill('SIGKILL');
  await Promise.all([once(web, 'close'), worker.stop(), fakes.stop()]);
});

it('no secret of any feature is to be read where it does not belong', { timeout: 180_000 }, async () => {
  const organizationId = await makeOrganization();
  const own = await keyHeaders(organizationId);
  const { secrets, places } = await exerciseEverything(
    async (method, path, body, headers) => {
      const answer = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers: {
          ...(!headers?.cookie && own),
          'content-type': 'application/json',
          'idempotency-key': crypto.randomUUID(),
          ...headers,
          ...(headers?.cookie && { origin }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return text;
    },
    organizationId,
    fakes,
  );
  expect(Object.keys(secrets)).toHaveLength(36);
  await vi.waitFor(() => expect(said).toContain('"level":30'), 60_000);
  places.push({ name: 'GET /metrics', text: (await renderMetrics()).text });
  const logs = [
    { name: 'log of the worker', text: worker.output() },
    { name: 'log of the web server', text: said },
  ];
  expect(findSecrets(secrets, [...places, ...logs, readCommandLines(), ...(await readTables(env.DATABASE_URL))])).toEqual([]);
});
