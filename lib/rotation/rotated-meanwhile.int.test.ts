import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { db } from '#lib/kernel/db.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { rotate } from '#scripts/testing/drive-rotation.ts';

vi.hoisted(() => {
  process.env.REKEY_BACKOFF_MS = '1500';
});

let server: TestTarget;
let proxy: TcpProxy;
beforeAll(async () => {
  server = await startTarget();
  proxy = await startTcpProxy({ host: server.target.direct.host, port: server.target.direct.port });
});
afterAll(() => Promise.all([proxy.stop(), server.stop()]));

it('a connection check that waits while a rotation ends continues with the new password', async () => {
  const adopted = await adopt({ target: withDirect(server.target, { port: proxy.port }), login: await server.createLogin('app') });
  const { jobId: id } = await requestVerification(adopted.context, adopted.projectId);
  await proxy.refuse();
  const proving = verifyConnection(id, 'wrk_test');
  await expect.poll(async () => (await db.job.findUniqueOrThrow({ where: { id } })).attempts).toBe(1);
  await proxy.accept();
  expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
  await proving;
  expect(await db.job.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'completed', error: null });
  expect(await db.database.findUniqueOrThrow({ where: { id: adopted.databaseId } })).toMatchObject({ state: 'ready', lastError: null });
});
