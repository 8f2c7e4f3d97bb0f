import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { DEADLINE_MS } from '#lib/logins/limits.ts';
import { sealCredential } from '#lib/logins/sealing.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { storedLogin } from '#scripts/testing/drive-rotation.ts';
import { type RunningWorker, runWorker } from '#scripts/testing/run-worker.ts';
import { LIVE_STATES } from './machine/states.ts';
import { requestRotation } from './request/request-rotation.ts';

let server: TestTarget;
const workers: RunningWorker[] = [];

beforeAll(async () => {
  server = await startTarget();
});
afterAll(async () => {
  for (const { pid, exited } of workers) {
    process.kill(pid, 'SIGKILL');
    await exited;
  }
  await server.stop();
});

async function work(): Promise<void> {
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  workers.push(worker);
  await worker.ready;
}

const adoptNew = async (name: string): Promise<Adopted> => adopt({ target: server.target, login: await server.createLogin(name) });
const request = async ({ context, projectId }: Adopted) => (await requestRotation(context, projectId, {})).jobId;

it('two workers share thirty roles of one server: each gets one verified new password', { timeout: 180_000 }, async () => {
  await Promise.all([work(), work()]);
  const roles = await Promise.all(Array.from({ length: 30 }, (_, n) => adoptNew(`shared_${n}`)));
  const jobs = await Promise.all(roles.map(request));
  const ended = () => db.job.findMany({ where: { id: { in: jobs }, state: 'completed' } });
  await expect.poll(ended, { timeout: 120_000 }).toHaveLength(30);
  expect(new Set((await ended()).map((job) => job.claimedBy)).size).toBe(2);
  for (const role of roles) {
    expect(await db.credential.count({ where: { databaseId: role.databaseId } })).toBe(2);
    expect(await postgres.probe(server.target, 'direct', await storedLogin(role))).toMatchObject({ verdict: 'accepted' });
  }
});

/** A server that takes every connection and never says a word, at so many ports. */
async function startDeadServers(count: number): Promise<{ ports: number[]; stop: () => void }> {
  const sockets = new Set<net.Socket>();
  const listeners = Array.from({ length: count }, () =>
    net.createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }),
  );
  await Promise.all(listeners.map((listener) => once(listener.listen(0, '127.0.0.1'), 'listening')));
  return {
    ports: listeners.map((listener) => (listener.address() as net.AddressInfo).port),
    stop: () => {
      for (const listener of listeners) listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Rotations that were asked for, one at each port; written at one go. */
async function requestAt(ports: number[]): Promise<void> {
  const organizationId = newId('org');
  await db.organization.create({ data: { id: organizationId, name: 'Dead Servers', slug: organizationId.toLowerCase() } });
  const all = ports.map((port) => ({ port, server: newId('srv'), database: newId('dbs'), credential: newId('crd'), project: newId('prj'), job: newId('job') }));
  const common = { organizationId, requestedBy: 'test' };
  const seal = (id: string) => sealCredential({ id, organizationId, version: 1 }, { password: generatePassword(), verifier: null });
  await db.server.createMany({
    data: all.map(({ server: id }) => ({ id, organizationId, engine: 'postgresql' })),
  });
  await db.database.createMany({
    data: all.map(({ port: directPort, database: id, server: serverId }) => ({
      id,
      organizationId,
      serverId,
      roleName: 'app',
      host: '127.0.0.1',
      directPort,
      sslMode: 'prefer',
      loginKey: id,
      state: 'rotating_credentials',
    })),
  });
  const credentials = await Promise.all(
    all.map(async ({ credential: id, database: databaseId }) => ({
      id,
      organizationId,
      databaseId,
      version: 1,
      loginName: 'app',
      state: 'current' as const,
      sealed: await seal(id),
    })),
  );
  await db.credential.createMany({ data: credentials });
  await db.project.createMany({
    data: all.map(({ project: id, database: databaseId }) => ({ id, organizationId, databaseId, databaseName: 'shop', name: id, slug: id.toLowerCase() })),
  });
  await db.job.createMany({
    data: all.map((one) => ({ id: one.job, ...common, databaseId: one.database, projectId: one.project, type: 'rotate_credentials', maxAttempts: 4 })),
  });
  await db.rotation.createMany({
    data: all.map((one) => ({
      id: newId('rot'),
      ...common,
      databaseId: one.database,
      jobId: one.job,
      targetKey: one.database,
      fromCredentialId: one.credential,
      deadlineAt: new Date(Date.now() + DEADLINE_MS),
    })),
  });
}

it('a thousand servers that never answer do not delay a healthy one', { timeout: 90_000 }, async () => {
  const dead = await startDeadServers(1_000);
  try {
    await work();
    await requestAt(dead.ports);
    const hanging = () => db.rotation.count({ where: { state: { in: LIVE_STATES }, claimedBy: { not: null } } });
    await expect.poll(hanging, { timeout: 30_000 }).toBeGreaterThan(900);

    const healthy = await adoptNew('healthy');
    const started = performance.now();
    const id = await request(healthy);
    await expect.poll(async () => (await db.job.findUniqueOrThrow({ where: { id } })).state).toBe('completed');
    // In line behind them it would wait for minutes.
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(await db.rotation.count({ where: { state: { in: LIVE_STATES } } })).toBe(1_000);
  } finally {
    dead.stop();
  }
});
