// Rekey's own database on a disk that is full to the last byte: what it says, that no password is touched, and that it
// goes on by itself once there is room.
import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runPrisma } from '#scripts/run-tool.ts';
import { type Postgres, startPostgres } from '#scripts/servers/postgres.ts';
import { makeSmallDisk, type SmallDisk } from '#scripts/servers/small-disk.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type RunningWorker, runApi, runWorker } from '#scripts/testing/run-worker.ts';

const MEGABYTES = 220;
let disk: SmallDisk;
let store: Postgres;
let target: TestTarget;
let worker: RunningWorker;
let api: RunningWorker;
let base: string;
let db: typeof import('#lib/kernel/db.ts').db;
let checkHealth: typeof import('./check-health.ts').checkHealth;

beforeAll(async () => {
  disk = await makeSmallDisk(MEGABYTES);
  chmodSync(disk.path, 0o755);
  store = await startPostgres({ dir: disk.path, settings: { max_wal_size: '32MB', min_wal_size: '32MB', wal_recycle: 'off', checkpoint_timeout: '30s' } });
  // The modules read the address of the store when they are loaded.
  process.env.DATABASE_URL = store.url;
  await runPrisma(['migrate', 'deploy'], { env: { DATABASE_URL: store.url } });
  ({ db } = await import('#lib/kernel/db.ts'));
  ({ checkHealth } = await import('./check-health.ts'));
  const { freePort } = await import('#scripts/servers/free-port.ts');
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  target = await startTarget();
  worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  api = runApi(port);
  await Promise.all([worker.ready, api.ready]);
}, 300_000);

afterAll(async () => {
  await Promise.all([worker?.stop(), api?.stop()]);
  await target?.stop();
  await db?.$disconnect();
  await store?.stop();
  await disk?.stop();
});

const database = async () => (await checkHealth()).components.find(({ name }) => name === 'database');

it('says that its database takes no writes, leaves every password as it is, and goes on once there is room', { timeout: 300_000 }, async () => {
  const [{ adopt }, { keyHeaders }] = await Promise.all([import('#scripts/testing/adopt.ts'), import('#scripts/testing/call-api.ts')]);
  const login = await target.createLogin('on_a_full_disk');
  const adopted = await adopt({ target: target.target, login });
  const headers = await keyHeaders(adopted.context.organizationId);
  const rotate = () => fetch(`${base}/api/v1/projects/${adopted.projectId}/credentials/rotate`, { method: 'POST', headers });
  const verifier = async () => (await target.sql(`SELECT rolpassword FROM pg_authid WHERE rolname = 'on_a_full_disk'`))[0];
  const before = await verifier();
  expect(await database()).toMatchObject({ status: 'ok' });

  disk.fill();
  await expect.poll(async () => (await database())?.status, { timeout: 60_000 }).toBe('degraded');
  expect((await database())?.message).toContain('The database takes no writes: its disk is full');
  // One write or another may still fit into what is allocated: asked until the store has to find room.
  const refused = async () => {
    const answer = await rotate();
    return answer.status === 202 ? null : { status: answer.status, ...((await answer.json()) as { detail: string }) };
  };
  await expect
    .poll(refused, { timeout: 60_000 })
    .toMatchObject({ status: 503, detail: expect.stringContaining("Rekey's own database takes no writes: its disk is full.") });
  expect(await verifier()).toEqual(before);

  disk.makeRoom();
  await expect.poll(async () => (await database())?.status, { timeout: 120_000 }).toBe('ok');
  const { job } = (await (await rotate()).json()) as { job: { id: string } };
  await expect.poll(async () => (await db.job.findUniqueOrThrow({ where: { id: job.id } })).state, { timeout: 60_000 }).toBe('completed');
  expect(await verifier()).not.toEqual(before);
});
