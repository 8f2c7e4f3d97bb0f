// What a dead attempt left waiting on the server would set an old password whenever its wait is over: after a later change, say.
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { attempt, attemptAll, readRotation, request, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { orphanPrefix } from './attempt/operator.ts';

let server: TestTarget;
let proxy: TcpProxy;
let count = 0;
let login: Login;
let adopted: Adopted;
/** Holds what the orphan waits for. */
let blocker: pg.Client;

beforeAll(async () => {
  server = await startTarget();
  proxy = await startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port });
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});
beforeEach(async () => {
  login = await server.createLogin(`orphaned_${++count}`);
  adopted = await adopt({ target: withDirect(server.target, { port: proxy.port }), login });
  blocker = new pg.Client({ connectionString: server.superuserUrl });
  await blocker.connect();
  await blocker.query('SELECT pg_advisory_lock(1)');
});

/** A rotation whose first attempt was cut off while its change was in progress. */
async function cutOff(): Promise<string> {
  const id = await request(adopted);
  await Promise.all([proxy.failOn('COMMIT', 'lose_request'), attempt(id)]);
  expect(await readRotation(id)).toMatchObject({ state: 'applying' });
  return id;
}

/** The change of that attempt, still waiting on the server. */
async function leaveOrphan(id: string): Promise<{ end: Promise<'landed' | 'ended'> }> {
  const { toCredential } = await readRotation(id);
  if (!toCredential) throw new Error('nothing is staged');
  const client = new pg.Client({ connectionString: server.urlOf(login), application_name: `${orphanPrefix(id)}1` });
  client.on('error', () => {});
  await client.connect();
  const change = `SELECT pg_advisory_xact_lock(1); ALTER ROLE ${login.user} PASSWORD '${(await openCredential(toCredential)).verifier}'`;
  const end = client.query(change).then(
    () => 'landed' as const,
    () => 'ended' as const,
  );
  const waiting = () => server.sql(`SELECT FROM pg_stat_activity WHERE usename = $1 AND wait_event = 'advisory'`, [login.user]);
  await expect.poll(waiting).toHaveLength(1);
  return { end: end.finally(() => client.end()) };
}

async function expectNothingLands({ end }: { end: Promise<string> }): Promise<void> {
  await blocker.end();
  expect(await end).toBe('ended');
  expect(await postgres.probe(server.target, 'direct', await storedLogin(adopted))).toMatchObject({ verdict: 'accepted' });
}

describe('a change that an attempt left waiting on the server', () => {
  it('does not land after the next rotation', async () => {
    const id = await cutOff();
    const orphan = await leaveOrphan(id);
    expect(await attemptAll(id)).toMatchObject({ state: 'completed' });
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
    await expectNothingLands(orphan);
  });

  it('does not land after the old password was restored', async () => {
    const id = await cutOff();
    const orphan = await leaveOrphan(id);
    await db.rotation.update({ where: { id }, data: { undoReason: 'pooler_refused_new' } });
    expect(await attemptAll(id)).toMatchObject({ state: 'failed', errorCode: 'pooler_refused_new' });
    await expectNothingLands(orphan);
  });
});
