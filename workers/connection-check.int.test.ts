import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS_AT_ONCE, claimDueChecks } from '#lib/checks/claim-due-checks.ts';
import { db } from '#lib/kernel/db.ts';
import { Lanes } from '#lib/queue/lanes.ts';
import { Deliverer } from '#lib/webhooks/deliverer.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { checkConnections } from './connection-check.ts';

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget();
});
afterAll(() => server.stop());

it('all logins that are due are checked one batch after the other, as after a restore, without a failed login', { timeout: 120_000 }, async () => {
  const { organizationId } = (await adopt({ target: server.target, login: await server.createLogin('due_0') })).context;
  for (let n = 1; n < CHECKS_AT_ONCE + 10; n++) await adopt({ target: server.target, login: await server.createLogin(`due_${n}`), organizationId });
  const dayAgo = new Date(Date.now() - 25 * 3_600_000);
  await db.credential.updateMany({ data: { directProvenAt: dayAgo } });
  const lanes = new Lanes(8);
  checkConnections({ lanes, deliverer: new Deliverer('wrk_test'), workerId: 'wrk_test' });
  // Drained at the end alone: a worker that stops begins no further batch.
  const unproven = () => db.credential.count({ where: { directProvenAt: dayAgo } });
  await expect.poll(unproven, { timeout: 25_000 }).toBe(0);
  await lanes.drain();
  expect(await claimDueChecks()).toEqual([]);
  expect(server.log()).not.toContain('password authentication failed');
});
