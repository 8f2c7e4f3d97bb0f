// What has ended is forgotten after its time, and nothing that is still needed.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { getJob } from '#lib/jobs/jobs.ts';
import { db } from '#lib/kernel/db.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { request, rotate } from '#scripts/testing/drive-rotation.ts';
import { pruneHistory } from './prune-history.ts';

const KEPT = { rotationDays: 365, jobDays: 90, passwordDays: 30, sessionDays: 30 };

let server: TestTarget;
let adopted: Adopted;
beforeAll(async () => {
  server = await startTarget();
  adopted = await adopt({ target: server.target, login: await server.createLogin('kept') });
});
afterAll(() => server.stop());

/** As if all of it had happened so many days earlier. */
async function age(days: number): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
    await tx.$executeRaw`UPDATE jobs SET created_at = created_at - make_interval(days => ${days}::int), completed_at = completed_at - make_interval(days => ${days}::int)`;
    await tx.$executeRaw`UPDATE rotations SET created_at = created_at - make_interval(days => ${days}::int), finished_at = finished_at - make_interval(days => ${days}::int)`;
    await tx.$executeRaw`UPDATE credentials SET updated_at = updated_at - make_interval(days => ${days}::int)`;
  });
}

const versions = async () =>
  (await db.credential.findMany({ where: { databaseId: adopted.databaseId }, orderBy: { version: 'asc' } })).map(({ version, state, sealed }) => [
    version,
    state,
    sealed !== '',
  ]);

it('erases retired passwords first, then rotations with their steps, last the records of old passwords; the log stays', { timeout: 60_000 }, async () => {
  const [first, second, third] = [await rotate(adopted), await rotate(adopted), await rotate(adopted)];
  const records = await db.auditEvent.count();
  expect(await pruneHistory(KEPT)).toEqual({ rotations: 0, jobs: 0, redeployments: 0, imports: 0, campaigns: 0, passwords: 0, credentials: 0, sessions: 0 });

  await age(40);
  expect(await pruneHistory(KEPT)).toMatchObject({ rotations: 0, passwords: 3, credentials: 0 });
  expect(await versions()).toEqual([
    [1, 'retired', false],
    [2, 'retired', false],
    [3, 'retired', false],
    [4, 'current', true],
  ]);

  await age(400);
  // A rotation that nobody has ended, and the one that made the current password, are needed.
  const live = await request(adopted);
  await age(400);
  expect(await pruneHistory(KEPT)).toMatchObject({ rotations: 2, passwords: 0, credentials: 2 });
  expect((await db.rotation.findMany({ orderBy: { createdAt: 'asc' }, select: { id: true } })).map(({ id }) => id)).toEqual([third.id, live]);
  for (const { id } of [first, second]) expect(await db.rotationStep.count({ where: { rotationId: id } })).toBe(0);
  expect(await versions()).toEqual([
    [3, 'retired', false],
    [4, 'current', true],
  ]);
  expect((await getJob(adopted.context, third.jobId)).id).toBe(third.jobId);
  expect(await db.auditEvent.count()).toBeGreaterThanOrEqual(records);
  expect(await pruneHistory(KEPT)).toMatchObject({ rotations: 0, credentials: 0 });
  expect(await pruneHistory({ rotationDays: 0, jobDays: 0, passwordDays: 0, sessionDays: 0 })).toMatchObject({ rotations: 0, sessions: 0 });
});

it('deletes ended connection checks after their own time, but not the latest job of a login', async () => {
  const other = await adopt({ target: server.target, login: await server.createLogin('checked') });
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) {
    const { jobId } = await requestVerification(other.context, other.projectId);
    await db.job.update({ where: { id: jobId }, data: { state: 'completed', completedAt: new Date() } });
    await db.database.update({ where: { id: other.databaseId }, data: { state: 'ready' } });
    ids.push(jobId);
  }
  await db.database.update({ where: { id: other.databaseId }, data: { latestJobId: ids[2]! } });
  await age(100);
  await pruneHistory(KEPT);
  const left = await db.job.findMany({ where: { databaseId: other.databaseId }, select: { id: true } });
  expect(left.map(({ id }) => id)).toEqual([ids[2]]);
});

it('deletes sessions that ended long ago', async () => {
  const { id: userId } = await db.user.create({ data: { id: 'usr_old', email: 'old@example.com', passwordHash: '' } });
  const { organizationId } = adopted.context;
  const DAY_MS = 86_400_000;
  for (const days of [-1, 20, 40])
    await db.session.create({ data: { id: `ses_${days}`, organizationId, userId, expiresAt: new Date(Date.now() - days * DAY_MS) } });
  expect(await pruneHistory(KEPT)).toMatchObject({ sessions: 1 });
  expect((await db.session.findMany({ where: { userId }, select: { id: true } })).map(({ id }) => id).toSorted()).toEqual(['ses_-1', 'ses_20']);
});

it('deletes campaigns that ended, with their logins, and none that a person may resume', async () => {
  const { organizationId } = adopted.context;
  const longAgo = new Date(Date.now() - 366 * 86_400_000);
  const campaign = { organizationId, name: 'After a leak', selection: {}, canary: 1, waves: [], atOnce: 8, atOncePerServer: 8, startedBy: 'owner' };
  await db.campaign.createMany({
    data: [
      { ...campaign, id: 'cmp_ended', state: 'completed', finishedAt: longAgo },
      { ...campaign, id: 'cmp_recent', state: 'aborted', finishedAt: new Date() },
      { ...campaign, id: 'cmp_stopped', state: 'stopped', createdAt: longAgo },
    ],
  });
  await db.campaignLogin.createMany({
    data: ['cmp_ended', 'cmp_recent'].map((campaignId) => ({
      ...{ organizationId, campaignId, databaseId: adopted.databaseId, projectId: adopted.projectId, projectName: 'shop', roleName: 'app', serverId: 'srv_1' },
      ...{ wave: 0, position: 1 },
    })),
  });
  expect(await pruneHistory(KEPT)).toMatchObject({ campaigns: 1 });
  expect((await db.campaign.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id)).toEqual(['cmp_recent', 'cmp_stopped']);
  expect((await db.campaignLogin.findMany()).map(({ campaignId }) => campaignId)).toEqual(['cmp_recent']);
});
