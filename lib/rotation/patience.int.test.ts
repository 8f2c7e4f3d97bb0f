// Nothing is sent to a server that takes no logins, so waiting for it is free. Real servers go away and come back; a real worker waits.
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineName, Login } from '#lib/engines/engine.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { withDirect, withPooled } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { attempt, attemptAll, readRotation, request, rotate, stepKinds } from '#scripts/testing/drive-rotation.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';

/** By then 8 s have passed, and three retries long ago. */
const TRIES_AWAY = 8;

let server: TestTarget;
let pooled: TestTarget;
let mariadb: MariadbTarget;
let pooler: TcpProxy;
beforeAll(async () => {
  [server, pooled, mariadb] = await Promise.all([startTarget(), startTarget({ pooler: 'auth_query' }), startMariadbTarget()]);
  pooler = await startTcpProxy(pooled.target.pooled!);
});
afterAll(async () => {
  await Promise.all([pooler, server, pooled, mariadb].map((one) => one.stop()));
});

async function logIn(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  return client;
}
const failedLogins = () => (server.log() + pooled.log()).split('password authentication failed').length - 1;

it('waits for servers and poolers that are down for longer than three retries take, and completes', { timeout: 150_000 }, async () => {
  const names = ['restarted_a', 'restarted_b', 'restarted_c'];
  const busy = await pooled.createLogin('busy', { options: 'CONNECTION LIMIT 1' });
  const waiting: { code: string; engine?: EngineName; target: TestTarget['target']; login: Login }[] = [
    ...(await Promise.all(names.map(async (name) => ({ code: 'server_unreachable', target: server.target, login: await server.createLogin(name) })))),
    { code: 'server_unreachable', target: withPooled(pooled.target, { port: pooler.port }), login: await pooled.createLogin('pooler_restarts') },
    { code: 'server_full', target: { ...pooled.target, pooled: null }, login: busy },
    { code: 'server_unreachable', engine: 'mysql', target: mariadb.target, login: await mariadb.createLogin('on_mariadb') },
  ];
  const adopted = await Promise.all(waiting.map(({ code: _, ...one }) => adopt(one)));
  const holder = await logIn(pooled.urlOf(busy));
  await Promise.all([server.down('crash'), mariadb.down('stop'), pooler.refuse()]);
  const logged = failedLogins();

  const ids = await Promise.all(adopted.map((one) => request(one)));
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  await worker.ready;
  const isLongAway = async () => (await Promise.all(ids.map(readRotation))).every(({ fence, finishedAt }) => fence >= TRIES_AWAY || finishedAt);
  await expect.poll(isLongAway, { timeout: 60_000 }).toBe(true);
  for (const [index, rotation] of (await Promise.all(ids.map(readRotation))).entries()) {
    const { code } = waiting[index]!;
    expect(rotation, code).toMatchObject({
      state: 'requested',
      errorCode: code,
      job: { state: 'running', attempts: 1, retryClassification: 'transient' },
    });
    // It is said once, however often the server is asked.
    expect(stepKinds(rotation)).toEqual(['requested', 'waiting']);
  }
  await Promise.all([server.start(), mariadb.start(), pooler.accept(), holder.end()]);

  const states = async () => (await Promise.all(ids.map(readRotation))).map(({ state, job }) => [state, job.attempts]);
  await expect.poll(states, { timeout: 60_000 }).toEqual(ids.map(() => ['completed', 1]));
  await worker.stop();
  // Of each rotation the old password and a random wrong one, wherever logins come in: no wait has made more of them.
  const endpoints = waiting.filter(({ engine }) => !engine).length + 1;
  expect(failedLogins() - logged).toBeLessThanOrEqual(2 * endpoints);
});

it('fails at the deadline with the reason, and sooner where waiting cannot help', async () => {
  const login = await server.createLogin('never_back');
  const port = await freePort();
  const away = await rotate(await adopt({ target: withDirect(server.target, { port }), login }));
  expect(away).toMatchObject({
    state: 'failed',
    errorCode: 'server_unreachable',
    attempts: 1,
    job: { state: 'failed', attempts: 1 },
    database: { state: 'ready' },
  });
  expect(stepKinds(away)).toEqual(['requested', 'waiting', 'failed']);

  const elsewhere = await rotate(
    await adopt({ target: withDirect(server.target, { database: 'no_such_database' }), login: await server.createLogin('elsewhere') }),
  );
  expect(elsewhere).toMatchObject({ state: 'failed', errorCode: 'database_missing' });
  expect(stepKinds(elsewhere)).toEqual(['requested', 'failed']);
});

it('says each reason for which it waits once', async () => {
  const proxy = await startTcpProxy(server.target.direct);
  const login = await server.createLogin('two_reasons', { options: 'CONNECTION LIMIT 1' });
  const adopted = await adopt({ target: withDirect(server.target, { port: proxy.port }), login });
  const holder = await logIn(server.urlOf(login));
  await proxy.refuse();
  const id = await request(adopted);
  for (let tries = 0; tries < 3; tries++) await attempt(id);
  await proxy.accept();
  for (let tries = 0; tries < 3; tries++) await attempt(id);
  const { steps } = await readRotation(id);
  expect(steps.map(({ kind, detail }) => [kind, (detail as { code?: string }).code])).toEqual([
    ['requested', undefined],
    ['waiting', 'server_unreachable'],
    ['waiting', 'server_full'],
  ]);
  await holder.end();
  expect(await attemptAll(id)).toMatchObject({ state: 'completed' });
  await proxy.stop();
});
