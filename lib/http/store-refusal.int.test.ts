import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import type net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Prisma } from '#generated/prisma/client.ts';
import { runPrisma } from '#scripts/run-tool.ts';
import { type Postgres, startPostgres } from '#scripts/servers/postgres.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { problemResponse } from './problem.ts';
import { storeRefusal } from './store-refusal.ts';
import { vectorRefusal } from './vector-refusal.ts';

let dir: string;
let store: Postgres;
let relay: TcpProxy;
let db: typeof import('#lib/kernel/db.ts').db;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-store-'));
  chmodSync(dir, 0o755);
  store = await startPostgres({ dir });
  relay = await startTcpProxy({ host: '127.0.0.1', port: store.port });
  // The module reads the address of the store, and how long a transaction may take, when it is loaded.
  process.env.DATABASE_URL = Object.assign(new URL(store.url), { port: String(relay.port) }).href;
  process.env.REKEY_TRANSACTION_MS = '2000';
  await runPrisma(['migrate', 'deploy'], { env: { DATABASE_URL: store.url } });
  ({ db } = await import('#lib/kernel/db.ts'));
});
afterAll(async () => {
  await db?.$disconnect();
  await relay?.stop();
  await store?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Ends every session of the store but its own; how many. */
async function cutAll(): Promise<number> {
  const client = new pg.Client({ connectionString: store.url });
  await client.connect();
  const { rowCount } = await client.query(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
  );
  await client.end();
  return rowCount ?? 0;
}

async function inStore(where: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: store.url });
  await client.connect();
  const { rows } = await client.query(`SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND ${where}`);
  await client.end();
  return rows;
}
const sleepers = () => inStore(`state = 'active' AND query LIKE '%pg_sleep%'`);
const idleSessions = async () => (await inStore(`state = 'idle in transaction'`)).length;

const refusalOf = async (asking: Promise<unknown>) => {
  const error = await asking.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return storeRefusal(error);
};
/** Breaks every connection of the pool while a statement waits for its answer, as the system does that finds its route gone. */
async function breakAll(code: string): Promise<void> {
  const { rekeyPool } = globalThis as unknown as { rekeyPool: { _clients: { connection: { stream: net.Socket } }[] } };
  for (const { connection } of rekeyPool._clients) connection.stream.destroy(Object.assign(new Error(`write ${code}`), { code, syscall: 'write', errno: -32 }));
}
const AWAY = { code: 'unavailable', message: expect.stringContaining("Rekey's own database did not answer. It is not known whether anything changed.") };

it('gives up a connection to the store that has gone silent, and takes another one', { timeout: 60_000 }, async () => {
  const [{ listen }, { wake, closeWake }] = await Promise.all([import('#lib/queue/listen.ts'), import('#lib/queue/wake.ts')]);
  const stopListening = await listen(() => {});
  await stopListening();
  const message = { rotationId: 'rot_1', lane: 'server' };
  await wake('rotation.advance', message);
  await db.organization.count();
  relay.swallow(true);
  const asking = [db.organization.count(), db.$queryRaw`SELECT 1`, db.$transaction((tx) => tx.organization.count())].map(refusalOf);
  // The message that nobody takes is no reason to keep its request waiting.
  const waking = wake('rotation.advance', message);
  for (const refusal of await Promise.all(asking)) expect(refusal).toMatchObject(AWAY);
  await waking;
  // The old connections stay as silent as they were: what was swallowed is missing in them.
  relay.swallow(false);
  expect(await db.organization.count()).toBe(0);
  await closeWake();
});

it.each(['EPIPE', 'ECONNRESET', 'EHOSTUNREACH', 'ETIMEDOUT'])('a connection that breaks with %s: unavailable, by Prisma and past it', async (code) => {
  const { ask } = await import('#lib/kernel/db.ts');
  const sleeping = async () => void (await db.$queryRaw`SELECT pg_sleep(60)::text`);
  const waiting: (() => Promise<unknown>)[] = [
    sleeping,
    () => ask(Prisma.sql`SELECT pg_sleep(60)::text`),
    () => db.$transaction(sleeping),
    () => db.$transaction((tx) => tx.$queryRaw`SELECT pg_sleep(60)::text`),
  ];
  const asking = waiting.map((run) => refusalOf(run()));
  await expect.poll(async () => (await sleepers()).length).toBe(waiting.length);
  await breakAll(code);
  for (const refusal of await Promise.all(asking)) expect(refusal).toMatchObject(AWAY);
  await cutAll();
});

it('a transaction that the store ended because its process stood still: unavailable', async () => {
  const stoodStill = db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = '50ms'`;
    await expect.poll(idleSessions, { interval: 20 }).toBe(0);
    await tx.organization.count();
  });
  expect(await refusalOf(stoodStill)).toMatchObject(AWAY);
});

it('two requests that wait for each other: one is taken back and may be repeated', async () => {
  await db.$executeRaw`CREATE TABLE two_rows AS SELECT id, 0 AS n FROM generate_series(1, 2) id`;
  const { promise: bothHold, resolve } = Promise.withResolvers<void>();
  let holding = 0;
  const lock = (first: number, second: number) =>
    db.$transaction(async (tx) => {
      await tx.$executeRaw`UPDATE two_rows SET n = 1 WHERE id = ${first}`;
      if (++holding === 2) resolve();
      await bothHold;
      await tx.$executeRaw`UPDATE two_rows SET n = 1 WHERE id = ${second}`;
    });
  const refusals = await Promise.all([refusalOf(lock(1, 2)), refusalOf(lock(2, 1))]);
  expect(refusals).toContainEqual(null);
  expect(refusals).toContainEqual(expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('took this one back') }));
});

it('a store that is cut off or stopped: unavailable, and no internal error', async () => {
  const asking = refusalOf(db.$queryRaw`SELECT pg_sleep(60)::text`);
  await expect.poll(cutAll).toBeGreaterThan(0);
  expect(await asking).toMatchObject(AWAY);

  const cut = db.$transaction(async (tx) => {
    await tx.organization.count();
    await cutAll();
    await tx.organization.count();
  });
  expect(await refusalOf(cut)).toMatchObject(AWAY);

  await store.stop();
  const refusal = await refusalOf(db.organization.count());
  expect(refusal).toMatchObject(AWAY);
  for (const answer of [problemResponse(refusal, 'req_1'), vectorRefusal(refusal, 'req_1')])
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await refusalOf(db.$queryRaw`SELECT 1`)).toMatchObject(AWAY);
  expect(await refusalOf(db.$transaction((tx) => tx.organization.count()))).toMatchObject(AWAY);
});

it("what is no fault of the store's connection stays an internal error", async () => {
  expect(storeRefusal(new Error('Connection terminated unexpectedly'))).toBeNull();
  expect(storeRefusal(Object.assign(new Error('a server of a project'), { code: '57P01' }))).toBeNull();
  expect(storeRefusal(Object.assign(new Error('a unique value'), { code: 'P2002', clientVersion: '7' }))).toBeNull();
});
