import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';

let proxy: TcpProxy;
let presence: typeof import('./worker-presence.ts');
let db: typeof import('#lib/kernel/db.ts').db;

// The modules read the address of the store when they are loaded.
beforeAll(async () => {
  const url = new URL(process.env.DATABASE_URL!);
  ({ db } = await import('#lib/kernel/db.ts'));
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  const { env } = await import('#lib/kernel/env.ts');
  env.DATABASE_URL = Object.assign(url, { port: String(proxy.port) }).href;
  presence = await import('./worker-presence.ts');
});
afterAll(() => proxy.stop());

const sessionsOf = (id: string) => db.$queryRaw<{ pid: number }[]>`SELECT pid FROM pg_stat_activity WHERE application_name = ${`rekey worker ${id}`}`;
const holds = async (id: string): Promise<boolean> => {
  const { lockKey } = await db.worker.findUniqueOrThrow({ where: { id } });
  const rows = await db.$queryRaw<unknown[]>`SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${lockKey}::int8::oid AND granted`;
  return rows.length === 1;
};

/** Hangs up on everybody who comes to the port, until so many have come. */
async function turnAway(port: number, visitors: number): Promise<void> {
  let seen = 0;
  const closed = net.createServer((socket) => {
    seen += 1;
    socket.destroy();
  });
  closed.listen(port, '127.0.0.1');
  await expect.poll(() => seen, { timeout: 60_000 }).toBeGreaterThanOrEqual(visitors);
  closed.close();
  await once(closed, 'close');
}

it('comes back with one connection after the store was away for a while, and lets go when it leaves', { timeout: 180_000 }, async () => {
  const { id, leave } = await presence.joinWorkers();
  expect(await holds(id)).toBe(true);
  await proxy.refuse();
  await turnAway(proxy.port, 4);
  const before = proxy.opened();
  await proxy.accept();
  await expect.poll(() => holds(id), { timeout: 60_000 }).toBe(true);
  expect(proxy.opened() - before).toBe(1);
  expect(await sessionsOf(id)).toHaveLength(1);
  await leave();
  await expect.poll(() => sessionsOf(id)).toHaveLength(0);
  expect(await db.worker.count()).toBe(0);
});

it('forgets workers that were killed long ago', async () => {
  const dayAndHour = 25 * 3_600_000;
  const [, young] = await Promise.all(
    [dayAndHour, 1_000].map((ms, n) => db.worker.create({ data: { id: `wrk_${n}`, lockKey: n, host: 'gone', beatAt: new Date(Date.now() - ms) } })),
  );
  const { id, leave } = await presence.joinWorkers();
  expect((await db.worker.findMany({ select: { id: true } })).map((worker) => worker.id).toSorted()).toEqual([young!.id, id].toSorted());
  await db.worker.deleteMany({ where: { id: young!.id } });
  await leave();
});

it('gives up a connection that does not answer any more, and takes another', { timeout: 180_000 }, async () => {
  const { id, leave } = await presence.joinWorkers();
  proxy.swallow(true);
  await expect.poll(() => holds(id), { timeout: 60_000 }).toBe(false);
  proxy.swallow(false);
  await expect.poll(() => holds(id), { timeout: 60_000 }).toBe(true);
  await leave();
});
