// Promise 14: a pooler may hold an earlier refusal for a while, so it is asked again, a bounded number of times.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { withPooled } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { attempt, request, storedLogin } from '#scripts/testing/drive-rotation.ts';

vi.hoisted(() => {
  process.env.REKEY_POOLER_RETRY_MS = '5,2500';
});

let server: TestTarget;
let proxy: TcpProxy;
beforeAll(async () => {
  server = await startTarget({ pooler: 'auth_file' });
  proxy = await startTcpProxy({ host: '127.0.0.1', port: server.pooler?.port ?? 0 });
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

const held = async (role: string) => (await server.sql('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [role]))[0]?.rolpassword;

it('verifies through a pooler that learns of the new password late', async () => {
  const login = await server.createLogin('patient');
  const before = await held('patient');
  const adopted = await adopt({ target: withPooled(server.target, { port: proxy.port }), login });
  const id = await request(adopted);
  const running = attempt(id);
  // The login with the present one, and the first two tries with the new one.
  await vi.waitFor(() => expect(proxy.opened()).toBeGreaterThanOrEqual(3), { timeout: 20_000, interval: 10 });
  expect(await held('patient')).not.toBe(before);
  await server.syncAuthFile();

  const rotation = await running;
  expect(rotation).toMatchObject({
    state: 'completed',
    attempts: 1,
    proofs: { new: { pooled: { verdict: 'accepted' } }, old: { pooled: { verdict: 'refused' } } },
  });
  const stored = await storedLogin(adopted);
  expect(stored.password.reveal()).not.toBe(login.password.reveal());
});
