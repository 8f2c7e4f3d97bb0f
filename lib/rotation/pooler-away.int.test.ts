import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgres } from '#lib/engines/postgres.ts';
import { withDirect, withPooled } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { attempt, attemptAll, readRotation, request, stepKinds, storedLogin } from '#scripts/testing/drive-rotation.ts';

let server: TestTarget;
let direct: TcpProxy;
let pooled: TcpProxy;

beforeAll(async () => {
  server = await startTarget({ pooler: 'auth_query' });
  direct = await startTcpProxy(server.target.direct);
  pooled = await startTcpProxy(server.target.pooled!);
});
afterAll(() => Promise.all([direct, pooled, server].map((one) => one.stop())));

it('a pooler that is down after the change: the stored URL still works directly, and the rotation completes when it is back', async () => {
  const login = await server.createLogin('app');
  const target = withPooled(withDirect(server.target, { port: direct.port }), { port: pooled.port });
  const adopted = await adopt({ target, login });
  const id = await request(adopted);
  const cut = direct.failOn('COMMIT', 'lose_answer');
  await attempt(id);
  await cut;
  await pooled.refuse();

  const waiting = await attemptAll(id);
  expect(waiting).toMatchObject({ state: 'needs_attention', undoReason: 'server_unreachable' });
  expect(await postgres.probe(server.target, 'direct', await storedLogin(adopted))).toMatchObject({ verdict: 'accepted' });
  expect(await attempt(id)).toMatchObject({ state: 'needs_attention' });

  await pooled.accept();
  const ended = await attempt(id);
  expect(ended).toMatchObject({ state: 'failed', errorCode: 'server_unreachable', database: { state: 'ready' }, job: { state: 'failed' } });
  expect(stepKinds(ended).slice(-2)).toEqual(['undone', 'failed']);
  const stored = await storedLogin(adopted);
  expect(stored.password.reveal()).toBe(login.password.reveal());
  for (const endpoint of ['direct', 'pooled'] as const) expect(await postgres.probe(target, endpoint, stored)).toMatchObject({ verdict: 'accepted' });
});

it('a pooler that is down after the new password was handed out: not completed before it has rejected the old one', async () => {
  const target = withPooled(withDirect(server.target, { port: direct.port }), { port: pooled.port });
  const id = await request(await adopt({ target, login: await server.createLogin('given_out') }));
  await Promise.all([direct.failOn('COMMIT', 'lose_answer'), attempt(id)]);
  await Promise.all([direct.failOn('pg_stat_activity', 'lose_request'), attempt(id)]);
  expect(await readRotation(id)).toMatchObject({ state: 'promoted' });

  await pooled.refuse();
  expect(await attempt(id)).toMatchObject({ state: 'promoted', errorCode: 'server_unreachable' });
  await pooled.accept();
  expect(await attempt(id)).toMatchObject({ state: 'completed', proofs: { old: { direct: { verdict: 'refused' }, pooled: { verdict: 'refused' } } } });
});
