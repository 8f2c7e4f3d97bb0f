// Whatever is in the way: nothing stays "rotating" for longer than twice its deadline. Workers with a short deadline.
import { once } from 'node:events';
import net from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withDirect } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import type { Adopted } from '#scripts/testing/adopt.ts';
import { type RunningWorker, runWorker } from '#scripts/testing/run-worker.ts';

const DEADLINE_MS = 8_000;

let adopt: typeof import('#scripts/testing/adopt.ts').adopt;
let db: typeof import('#lib/kernel/db.ts').db;
let requestRotation: typeof import('./request/request-rotation.ts').requestRotation;
let server: TestTarget;
let proxy: TcpProxy;
let mute: net.Server;
const workers: RunningWorker[] = [];

beforeAll(async () => {
  // Read when the modules are loaded.
  process.env.REKEY_DEADLINE_MS = String(DEADLINE_MS);
  ({ db } = await import('#lib/kernel/db.ts'));
  ({ adopt } = await import('#scripts/testing/adopt.ts'));
  ({ requestRotation } = await import('./request/request-rotation.ts'));
  server = await startTarget();
  proxy = await startTcpProxy({ host: server.target.direct.host, port: server.target.direct.port });
  mute = net.createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(mute, 'listening');
});
afterAll(async () => {
  for (const { pid, exited } of workers) {
    process.kill(pid, 'SIGKILL');
    await exited;
  }
  mute.close();
  await proxy.stop();
  await server.stop();
});

async function work(failpoints = ''): Promise<RunningWorker> {
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info', REKEY_LEASE_MS: '4000', REKEY_FAILPOINTS: failpoints });
  workers.push(worker);
  await worker.ready;
  return worker;
}

async function adoptAt(name: string, directPort = server.target.direct.port): Promise<Adopted> {
  return adopt({ target: withDirect(server.target, { port: directPort }), login: await server.createLogin(name) });
}

it('ends, or needs attention, in time', { timeout: 60_000 }, async () => {
  const admin = new pg.Client({ connectionString: server.superuserUrl });
  admin.on('error', () => {});
  await admin.connect();
  const inTheWay = {
    nobodyListens: await adoptAt('nobody_listens', 1),
    neverAnswers: await adoptAt('never_answers', (mute.address() as net.AddressInfo).port),
    locked: await adoptAt('locked'),
    hangsAfterCommit: await adoptAt('hangs_after_commit', proxy.port),
    workerStands: await adoptAt('worker_stands'),
    brokenSecret: await adoptAt('broken_secret'),
    brokenProofs: await adoptAt('broken_proofs'),
  };
  await admin.query('BEGIN; ALTER ROLE locked CONNECTION LIMIT 50');
  await db.credential.updateMany({ where: { databaseId: inTheWay.brokenSecret.databaseId }, data: { sealed: 'rk1.tampered.with.it' } });
  void proxy.failOn('COMMIT', 'half_open').then(() => proxy.swallow(true));

  const ids = new Map<string, string>();
  const request = async (name: keyof typeof inTheWay) => {
    const { context, projectId } = inTheWay[name];
    const { jobId } = await requestRotation(context, projectId, {});
    ids.set((await db.rotation.findUniqueOrThrow({ where: { jobId } })).id, name);
  };
  // One worker stands still in the middle and keeps its claim.
  const standing = await work('apply.announced=stop');
  await request('workerStands');
  await expect.poll(async () => (await db.rotation.findFirstOrThrow({ where: { databaseId: inTheWay.workerStands.databaseId } })).state).toBe('applying');
  for (const name of Object.keys(inTheWay) as (keyof typeof inTheWay)[]) if (name !== 'workerStands') await request(name);
  await db.rotation.updateMany({ where: { databaseId: inTheWay.brokenProofs.databaseId }, data: { proofs: 'broken' } });
  await work();

  const rotating = () =>
    db.database.findMany({
      where: { state: 'rotating_credentials' },
      select: { roleName: true, rotations: { select: { state: true, fence: true, errorCode: true } } },
    });
  await expect.poll(rotating, { timeout: 3 * DEADLINE_MS, interval: 100 }).toEqual([]);
  const rotations = await db.rotation.findMany({ include: { steps: { orderBy: { id: 'desc' }, take: 1 } } });
  const told = rotations.map(({ id, state, createdAt, steps }) => ({ name: ids.get(id), state, tookMs: steps[0]!.at.getTime() - createdAt.getTime() }));
  for (const one of told) expect(one.tookMs, JSON.stringify(one)).toBeLessThan(2 * DEADLINE_MS);
  expect(Object.fromEntries(told.map(({ name, state }) => [name, state]))).toMatchObject({
    nobodyListens: 'failed',
    neverAnswers: 'failed',
    workerStands: 'completed',
    brokenSecret: 'failed',
    brokenProofs: 'completed',
    hangsAfterCommit: 'needs_attention',
  });
  process.kill(standing.pid, 'SIGCONT');
  await admin.end();
});
