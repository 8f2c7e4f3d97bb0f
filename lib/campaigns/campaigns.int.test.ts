import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type StartCampaignBody, startCampaignBody } from '#lib/contract/campaign.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { holdAt } from '#lib/kernel/failpoint.ts';
import { deleteProject } from '#lib/projects/delete-project.ts';
import { nextDue } from '#lib/sweep/next-due.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { attemptAll, request, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';
import { abortCampaign, pauseCampaign, resumeCampaign, retryCampaign } from './change-campaign.ts';
import { findDueCampaigns } from './find-due-campaigns.ts';
import { getCampaignDetails } from './get-details.ts';
import { getCampaign } from './list-campaigns.ts';
import { runCampaign } from './run-campaign.ts';
import { startCampaign } from './start-campaign.ts';

const WORKER = 'wrk_test';

let server: TestTarget;
/** Its pooler reads a list of its own, which nobody renews: it rejects every new password. */
let stale: TestTarget;
let organizationId: string;
let context: Context;
let count = 0;
beforeAll(async () => {
  [server, stale] = await Promise.all([startTarget({ pooler: 'auth_query' }), startTarget({ pooler: 'auth_file' })]);
});
afterAll(() => Promise.all([server.stop(), stale.stop()]));
beforeEach(async () => {
  organizationId = await makeOrganization();
  context = { organizationId, origin: {}, actor: { kind: 'system', id: null, name: 'test' } };
});

const makeLogin = (target = server): Promise<Login> => target.createLogin(`app${++count}`);
const adoptLogin = async (target = server): Promise<Adopted> => adopt({ target: target.target, login: await makeLogin(target), organizationId });
const adoptLogins = async (many: number, target = server): Promise<Adopted[]> => {
  const logins: Adopted[] = [];
  for (let i = 0; i < many; i++) logins.push(await adoptLogin(target));
  return logins;
};
const adoptDead = (name: string) => adopt({ target: NOWHERE, login: { user: name, password: generatePassword() }, organizationId });
const start = (logins: Adopted[], body: Partial<StartCampaignBody> = {}) =>
  startCampaign(
    context,
    startCampaignBody.parse({ name: 'CI log leak', project_ids: logins.map(({ projectId }) => projectId), canary: 0, waves: [], ...body }),
  );

const rotationsOf = ({ databaseId }: Adopted) => db.rotation.findMany({ where: { databaseId }, orderBy: { createdAt: 'asc' } });
const runningOf = (campaignId: string) => db.campaignLogin.findMany({ where: { campaignId, jobId: { not: null }, endedAt: null } });
const told = async (): Promise<string[]> =>
  (await db.event.findMany({ where: { organizationId, type: { startsWith: 'campaign.' } }, orderBy: { createdAt: 'asc' } })).map(({ type }) => type);

/** Drives the rotations that a campaign has in progress to their end. */
async function driveRotations(campaignId: string): Promise<number> {
  const running = await runningOf(campaignId);
  for (const { jobId } of running) await attemptAll((await db.rotation.findUniqueOrThrow({ where: { jobId: jobId ?? '' } })).id);
  return running.length;
}

/** Drives a campaign as far as it goes by itself. */
async function drive(campaignId: string): Promise<void> {
  for (let turns = 0; turns < 50; turns++) {
    await runCampaign(campaignId, WORKER);
    if ((await driveRotations(campaignId)) === 0) return;
  }
  throw new Error('The campaign comes to no end.');
}

it('rotates each of 12 logins once through the pooler, though its worker is killed twice', { timeout: 240_000 }, async () => {
  const logins = await adoptLogins(12);
  const old = await Promise.all(logins.map(storedLogin));
  const { id } = await start(logins, { canary: 2, waves: [25], at_once: 4, at_once_per_server: 3 });
  // Once with a rotation requested and not committed, once just after the commit.
  for (const failpoint of ['campaign.requested:2', 'campaign.committed:3']) await runWorker({ REKEY_FAILPOINTS: failpoint }).exited;
  const worker = runWorker();
  await expect.poll(async () => (await getCampaign(context, id)).state, { timeout: 180_000, interval: 200 }).toBe('completed');
  await worker.stop();
  expect((await getCampaign(context, id)).progress).toMatchObject({ total: 12, rotated: 12, failed: 0, skipped: 0 });
  for (const [i, login] of logins.entries()) {
    expect((await rotationsOf(login)).map(({ state }) => state)).toEqual(['completed']);
    for (const endpoint of ['direct', 'pooled'] as const) {
      expect(await postgres.probe(server.target, endpoint, await storedLogin(login))).toMatchObject({ verdict: 'accepted' });
      expect(await postgres.probe(server.target, endpoint, old[i] as Login)).toMatchObject({ verdict: 'refused' });
    }
  }
  expect(await told()).toEqual(['campaign.started', 'campaign.completed']);
});

it('stops at the canary where the pooler behind it rejects the new password, and touches no other login', { timeout: 120_000 }, async () => {
  const logins = [...(await adoptLogins(4)), ...(await adoptLogins(2, stale))];
  const { id } = await start(logins, { canary: 2, waves: [50] });
  await drive(id);
  const { campaign, stages } = await getCampaignDetails(context, id);
  expect(campaign).toMatchObject({ state: 'stopped', stopped_because: 'canary_failed', wave: 0, progress: { rotated: 1, failed: 1, running: 0, waiting: 4 } });
  expect(stages.map(({ marks }) => marks)).toEqual([expect.stringMatching(/^(rf|fr)$/), 'www', 'w']);
  expect(await db.rotation.count({ where: { organizationId } })).toBe(2);
  expect(await told()).toEqual(['campaign.started', 'campaign.stopped']);
  // Nothing polls: only a person continues it.
  expect([await findDueCampaigns(WORKER, []), (await nextDue()).due.has('campaigns')]).toEqual([[], false]);
  for (const login of logins.slice(4)) expect(await postgres.probe(stale.target, 'pooled', await storedLogin(login))).toMatchObject({ verdict: 'accepted' });
});

it('takes the canary from every server, and keeps to its limits', async () => {
  const logins = [...(await adoptLogins(5)), ...(await adoptLogins(3, stale))];
  const { id } = await start(logins, { canary: 2, at_once: 5, at_once_per_server: 3 });
  await Promise.all(['wrk_1', 'wrk_2', 'wrk_3'].map((worker) => runCampaign(id, worker)));
  const canary = await runningOf(id);
  expect(canary.map(({ wave }) => wave)).toEqual([0, 0]);
  expect(new Set(canary.map(({ serverId }) => serverId)).size).toBe(2);
  // As if both had been rotated.
  await db.job.updateMany({ where: { id: { in: canary.map(({ jobId }) => jobId ?? '') } }, data: { state: 'completed' } });
  expect(await findDueCampaigns(WORKER, [])).toContain(id);
  await Promise.all(['wrk_1', 'wrk_2', 'wrk_3'].map((worker) => runCampaign(id, worker)));
  const running = await runningOf(id);
  const perServer = Object.values(Object.groupBy(running, ({ serverId }) => serverId)).map((rows) => rows?.length);
  expect([running.length, perServer.toSorted()]).toEqual([5, [2, 3]]);
  // What waits for room is not asked for again and again.
  expect([await findDueCampaigns(WORKER, []), (await nextDue()).due.has('campaigns')]).toEqual([[], false]);
});

describe('a person', () => {
  it('pauses and resumes it: nothing starts in between', async () => {
    const logins = await adoptLogins(3);
    const { id } = await start(logins, { at_once: 1 });
    await runCampaign(id, WORKER);
    expect(await pauseCampaign(context, id)).toMatchObject({ state: 'paused', changed_by: 'test', progress: { running: 1, waiting: 2 } });
    expect((await pauseCampaign(context, id)).state).toBe('paused');
    await drive(id);
    expect(await getCampaign(context, id)).toMatchObject({ state: 'paused', progress: { rotated: 1, waiting: 2, running: 0 } });
    expect(await resumeCampaign(context, id)).toMatchObject({ state: 'running' });
    await drive(id);
    expect(await getCampaign(context, id)).toMatchObject({ state: 'completed', progress: { rotated: 3 }, finished_at: expect.any(String) });
    await expect(pauseCampaign(context, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await told()).toEqual(['campaign.started', 'campaign.paused', 'campaign.resumed', 'campaign.completed']);
  });

  it('pauses it in the middle of a worker’s turn: nothing starts after the answer', async () => {
    const { id } = await start(await adoptLogins(3));
    const held = holdAt('campaign.committed');
    const turn = runCampaign(id, WORKER);
    await held.reached;
    expect(await pauseCampaign(context, id)).toMatchObject({ state: 'paused', progress: { running: 1, waiting: 2 } });
    held.letGo();
    await turn;
    expect((await getCampaign(context, id)).progress).toMatchObject({ running: 1, waiting: 2 });
    expect(await db.rotation.count({ where: { organizationId } })).toBe(1);
  });

  it('aborts it: logins that had not started keep their password, and what is in progress ends', async () => {
    const logins = await adoptLogins(3);
    const { id } = await start(logins, { at_once: 1 });
    await runCampaign(id, WORKER);
    expect(await abortCampaign(context, id)).toMatchObject({ state: 'aborted', finished_at: null });
    await drive(id);
    expect(await getCampaign(context, id)).toMatchObject({ state: 'aborted', progress: { rotated: 1, waiting: 2 }, finished_at: expect.any(String) });
    expect(await db.rotation.count({ where: { organizationId } })).toBe(1);
    await expect(resumeCampaign(context, id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(retryCampaign(context, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('resumes one that stopped, and retries what failed', { timeout: 120_000 }, async () => {
    const dead = await adoptDead('dead');
    const logins = [...(await adoptLogins(2)), dead];
    const { id } = await start(logins, { stop_failures: 1 });
    await drive(id);
    expect(await getCampaign(context, id)).toMatchObject({ state: 'stopped', stopped_because: 'too_many_failures', progress: { failed: 1 } });
    // The failure is accepted: it does not stop the campaign again.
    await resumeCampaign(context, id);
    await drive(id);
    expect(await getCampaign(context, id)).toMatchObject({ state: 'completed', progress: { rotated: 2, failed: 1 } });
    expect(await retryCampaign(context, id)).toMatchObject({ state: 'running', progress: { failed: 0, waiting: 1 }, finished_at: null });
    await drive(id);
    expect(await getCampaign(context, id)).toMatchObject({ state: 'stopped', progress: { rotated: 2, failed: 1 } });
    expect((await rotationsOf(dead)).length).toBe(2);
    for (const login of logins.slice(0, 2)) expect((await rotationsOf(login)).length).toBe(1);
  });
});

it('stops at a share of all logins', async () => {
  const logins = await adoptLogins(4);
  const { id } = await start(logins, { stop_failures: null, stop_share: 50, at_once: 4 });
  await runCampaign(id, WORKER);
  const running = await runningOf(id);
  const fail = async (jobId: string | null | undefined) => {
    await db.job.update({ where: { id: jobId ?? '' }, data: { state: 'failed', errorCode: 'server_unreachable' } });
    await runCampaign(id, WORKER);
    return (await getCampaign(context, id)).state;
  };
  expect([await fail(running[0]?.jobId), await fail(running[1]?.jobId)]).toEqual(['running', 'stopped']);
});

it('counts a rotation that needs attention as a failure, and keeps following it', async () => {
  const logins = await adoptLogins(2);
  const { id } = await start(logins, { canary: 1 });
  await runCampaign(id, WORKER);
  const jobId = (await runningOf(id))[0]?.jobId ?? '';
  await db.rotation.update({ where: { jobId }, data: { state: 'needs_attention' } });
  expect(await findDueCampaigns(WORKER, [])).toContain(id);
  await runCampaign(id, WORKER);
  expect(await getCampaign(context, id)).toMatchObject({ state: 'stopped', stopped_because: 'canary_failed', progress: { in_doubt: 1, waiting: 1 } });
  expect(await findDueCampaigns(WORKER, [])).not.toContain(id);
  await db.rotation.update({ where: { jobId }, data: { state: 'completed' } });
  await db.job.update({ where: { id: jobId }, data: { state: 'completed' } });
  expect(await findDueCampaigns(WORKER, [])).toContain(id);
  await runCampaign(id, WORKER);
  expect((await getCampaign(context, id)).progress).toMatchObject({ rotated: 1, in_doubt: 0, waiting: 1 });
});

it('makes no rotation that someone else completed since it started, and waits for one in progress', async () => {
  const logins = await adoptLogins(3);
  const [before, beside] = logins as [Adopted, Adopted, Adopted];
  const { id } = await start(logins);
  await rotate(before);
  const other = await request(beside);
  await runCampaign(id, WORKER);
  expect((await getCampaign(context, id)).progress).toMatchObject({ skipped: 1, running: 1, waiting: 1 });
  await attemptAll(other);
  await db.campaignLogin.updateMany({ where: { campaignId: id, endedAt: null }, data: { nextAttemptAt: new Date(0) } });
  await drive(id);
  expect(await getCampaign(context, id)).toMatchObject({ state: 'completed', progress: { skipped: 2, rotated: 1 } });
  for (const login of logins) expect((await rotationsOf(login)).length).toBe(1);
});

it('skips a login that was forgotten, and keeps its name', async () => {
  const logins = await adoptLogins(2);
  const { id } = await start(logins);
  await deleteProject(context, logins[0]?.projectId ?? '');
  await drive(id);
  expect(await getCampaign(context, id)).toMatchObject({ state: 'completed', progress: { skipped: 1, rotated: 1 } });
  expect(await db.campaignLogin.findFirst({ where: { campaignId: id, outcome: 'skipped' } })).toMatchObject({
    errorCode: 'not_found',
    projectName: `app${count - 1}`,
  });
});

it('fails a login whose password came into doubt, and leaves one out that already was', async () => {
  const logins = await adoptLogins(3);
  const doubt = ({ databaseId }: Adopted) => db.database.update({ where: { id: databaseId }, data: { state: 'needs_attention' } });
  await doubt(logins[0] as Adopted);
  const { id, progress } = await start(logins);
  expect(progress.total).toBe(2);
  await doubt(logins[1] as Adopted);
  await drive(id);
  expect((await getCampaign(context, id)).progress).toMatchObject({ failed: 1, rotated: 1 });
});

itRecords('campaign.started', 'campaign.paused', 'campaign.resumed', 'campaign.retried', 'campaign.stopped', 'campaign.aborted', 'campaign.completed');
