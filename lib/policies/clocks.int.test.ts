// Workers whose clocks are 90 s apart, by Debian's faketime: only the store's clock opens and closes a window.
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createPolicyBody } from '#lib/contract/policy.ts';
import { db } from '#lib/kernel/db.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { withClock } from '#scripts/testing/fake-clock.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';
import { createPolicy } from './create-policy.ts';
import { setProjectPolicy } from './project-policy.ts';

const LOGINS = 6;

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget();
});
afterAll(() => server.stop());

async function startWorkers(): Promise<void> {
  const workers = [90, -90].map((seconds) => runWorker({ REKEY_LOG_LEVEL: 'info', ...withClock(seconds) }));
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
  });
  await Promise.all(workers.map(({ ready }) => ready));
}

it('neither begin a run early, nor make one twice, nor lose one; and what a worker that was down has missed waits', { timeout: 180_000 }, async () => {
  const organizationId = await makeOrganization();
  const context = { organizationId, origin: {}, actor: { kind: 'system', id: null, name: 'test' } } as const;
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const { id } = await createPolicy(context, createPolicyBody.parse({ name: 'Daily', max_age_days: 30, windows: [{ days, from: '00:00', to: '24:00' }] }));
  const logins: Adopted[] = [];
  for (let i = 0; i < LOGINS; i++) logins.push(await adopt({ target: server.target, login: await server.createLogin(`app${i}`), organizationId }));
  for (const { projectId } of logins) await setProjectPolicy(context, projectId, { policy_id: id });
  const [missed, ...due] = logins as [Adopted, ...Adopted[]];
  // 90 s ahead, these would begin now; 90 s behind, never within this test.
  await db.$executeRaw`UPDATE databases SET next_run_at = now() + interval '15 s', run_opens_at = now() + interval '15 s', run_closes_at = now() + interval '1 h' WHERE organization_id = ${organizationId}`;
  await db.$executeRaw`UPDATE databases SET next_run_at = now() - interval '2 h', run_opens_at = now() - interval '2 h', run_closes_at = now() - interval '30 s' WHERE id = ${missed.databaseId}`;
  const planned = await db.database.findUniqueOrThrow({ where: { id: due[0]?.databaseId ?? '' } });
  await startWorkers();
  const rotations = () => db.rotation.findMany({ where: { organizationId }, orderBy: { createdAt: 'asc' } });
  const completed = Array.from({ length: LOGINS - 1 }, () => 'completed');
  await expect.poll(async () => (await rotations()).map(({ state }) => state), { timeout: 90_000 }).toEqual(completed);
  const made = await rotations();
  expect(made.map(({ databaseId }) => databaseId).sort()).toEqual(due.map(({ databaseId }) => databaseId).sort());
  for (const { createdAt } of made) expect(createdAt.getTime()).toBeGreaterThanOrEqual(planned.nextRunAt?.getTime() ?? Number.POSITIVE_INFINITY);
  expect(await db.auditEvent.count({ where: { organizationId, action: 'policy.missed' } })).toBe(1);
  await expect
    .poll(() => db.database.count({ where: { organizationId, nextRunAt: { gt: new Date() }, policyJobId: null, planAt: null } }), { timeout: 60_000 })
    .toBe(LOGINS);
});
