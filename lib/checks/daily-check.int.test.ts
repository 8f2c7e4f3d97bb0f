// A password that was changed outside Rekey is found within a day, by one failed login. Working passwords report nothing.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { failureText } from '#lib/logins/failures.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { request } from '#scripts/testing/drive-rotation.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';
import { claimDueChecks } from './claim-due-checks.ts';
import { runDailyCheck } from './daily-check.ts';
import { requestVerification } from './request-verification.ts';

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget({ pooler: 'auth_query' });
});
afterAll(() => server.stop());

const DAY_AGO = new Date(Date.now() - 25 * 3_600_000);

/** A login that was proven, directly and through the pooler, and not for a day. */
async function adoptDue(name: string, target = server.target): Promise<Adopted> {
  const adopted = await adopt({ target, login: await server.createLogin(name) });
  await createWebhookEndpoint(adopted.context, { url: 'https://hooks.example.com/', event_types: ['*'] });
  await db.credential.updateMany({ where: { databaseId: adopted.databaseId }, data: { directProvenAt: DAY_AGO, pooledProvenAt: DAY_AGO } });
  return adopted;
}

const changeElsewhere = (role: string) => server.sql(`ALTER ROLE ${role} PASSWORD 'changed-behind-our-back'`);
const failedLogins = (role: string) => server.log().split(`password authentication failed for user "${role}"`).length - 1;
const dueIds = async () => (await claimDueChecks()).map(({ id }) => id);

async function read({ databaseId, projectId }: Adopted) {
  const [database, jobs, audit, events] = await Promise.all([
    db.database.findUniqueOrThrow({ where: { id: databaseId }, include: { credentials: true } }),
    db.job.findMany({ where: { databaseId } }),
    db.auditEvent.findMany({ where: { projectId } }),
    db.event.findMany({ where: { projectId } }),
  ]);
  return { database, credential: database.credentials[0], jobs, audit, events };
}

it('writes down the time of the proof and reports nothing while the password works', async () => {
  const adopted = await adoptDue('steady');
  await runDailyCheck(adopted.databaseId, 'wrk_test');
  const { database, credential, jobs, audit, events } = await read(adopted);
  for (const at of [credential?.directProvenAt, credential?.pooledProvenAt]) expect(at?.getTime()).toBeGreaterThan(DAY_AGO.getTime() + 3_600_000);
  expect(database).toMatchObject({ state: 'ready', lastError: null, latestJobId: null });
  expect([jobs, audit, events]).toEqual([[], [], []]);
  expect(failedLogins('steady')).toBe(0);
  expect(await dueIds()).not.toContain(adopted.databaseId);
});

it('each pending login is taken once, by any worker', async () => {
  const due = await Promise.all(['due_1', 'due_2', 'due_3'].map((name) => adoptDue(name)));
  const [fresh, busy, asked] = [await adoptDue('fresh'), await adoptDue('busy'), await adoptDue('asked')];
  await db.credential.updateMany({ where: { databaseId: fresh.databaseId }, data: { directProvenAt: new Date() } });
  await request(busy);
  await requestVerification(asked.context, asked.projectId);

  const taken = (await Promise.all([dueIds(), dueIds(), dueIds()])).flat();
  expect(taken.toSorted()).toEqual(due.map(({ databaseId }) => databaseId).toSorted());
  expect(await dueIds()).toEqual([]);
});

it('a server that does not answer says nothing about the password, and is tried again later', async () => {
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port });
  const adopted = await adoptDue('away', withDirect(server.target, { port: proxy.port }));
  await proxy.refuse();
  expect(await dueIds()).toEqual([adopted.databaseId]);
  await runDailyCheck(adopted.databaseId, 'wrk_test');
  const { database, credential, jobs, audit } = await read(adopted);
  expect(database).toMatchObject({ state: 'ready', lastError: null });
  expect(credential?.directProvenAt).toEqual(DAY_AGO);
  expect([jobs, audit]).toEqual([[], []]);
  expect(await dueIds()).toEqual([]);
  await db.database.update({ where: { id: adopted.databaseId }, data: { nextCheckAt: new Date() } });
  expect(await dueIds()).toEqual([adopted.databaseId]);
  await proxy.stop();
});

it('a rejection says nothing if a rotation has begun meanwhile', async () => {
  const adopted = await adoptDue('overtaken');
  await changeElsewhere('overtaken');
  const { databaseId } = adopted;
  const isWaiting = () => db.$queryRaw`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  let checking = Promise.resolve();
  await db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM databases WHERE id = ${databaseId} FOR UPDATE`;
    checking = runDailyCheck(databaseId, 'wrk_test');
    await vi.waitFor(async () => expect(await isWaiting()).toHaveLength(1), 60_000);
    await tx.database.update({ where: { id: databaseId }, data: { state: 'rotating_credentials' } });
  });
  await checking;
  expect(failedLogins('overtaken')).toBe(1);
  expect((await read(adopted)).jobs).toEqual([]);
});

it('a worker finds that the password was changed elsewhere', async () => {
  const adopted = await adoptDue('drifted');
  await changeElsewhere('drifted');
  const worker = runWorker();
  try {
    await vi.waitFor(async () => expect((await read(adopted)).database.state).toBe('needs_attention'), 60_000);
  } finally {
    await worker.stop();
  }
  const { database, jobs, audit, events } = await read(adopted);
  const reason = failureText('current_password_refused');
  expect(reason).toContain('changed elsewhere');
  expect(database).toMatchObject({ lastError: reason, latestJobId: jobs[0]?.id });
  expect(jobs).toMatchObject([{ type: 'verify_connection', state: 'failed', requestedBy: 'rekey' }]);
  expect(audit).toMatchObject([{ action: 'project.connection_refused', actorKind: 'system', reason }]);
  expect(events).toMatchObject([{ type: 'job.failed', data: { error_code: 'current_password_refused', role_name: 'drifted' } }]);
  expect(failedLogins('drifted')).toBeLessThanOrEqual(3);
  expect(await dueIds()).toEqual([]);
}, 180_000);
