import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { VARIABLE_PRESETS } from '#lib/contract/integration.ts';
import { PROVIDER_NAMES } from '#lib/contract/providers/providers.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { db } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { getProject } from '#lib/projects/get-project.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { placeAt } from '#scripts/servers/place.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { attemptSync, type Connected, connect, readIntegration, replacePassword } from '#scripts/testing/drive-sync.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { checkDrift, claimDueDriftChecks } from './check-drift.ts';
import { checkIntegration } from './check-integration.ts';
import { claimSync, loadAttempt } from './claim-work.ts';
import { keepTheirs, recordTarget } from './drift.ts';
import { listIntegrations } from './list-integrations.ts';
import { redeploy } from './redeploy.ts';
import { requestSync } from './request-sync.ts';
import { settleSync } from './settle-sync.ts';
import { syncIntegration } from './sync-integration.ts';
import { updateIntegration } from './update-integration.ts';

const fakes = await vi.hoisted(async () => {
  process.env.REKEY_PROVIDER_TIMEOUT_MS = '2000';
  return (await import('#scripts/testing/provider-fakes.ts')).startProviderFakes();
});
afterAll(() => fakes.stop());

/** Of a server that nobody asks. */
const TARGET = { direct: placeAt(5432, { host: 'db.internal', mode: 'require' }), pooled: placeAt(6432, { host: 'db.internal', mode: 'require' }) };

let adopted: Adopted;
beforeEach(async () => {
  adopted = await adopt({ target: TARGET, login: { user: 'shop', password: new Secret('first') } });
  await createWebhookEndpoint(adopted.context, { url: 'https://hooks.example.com/', event_types: ['integration.*', 'job.*'] });
  for (const provider of PROVIDER_NAMES) fakes[provider].recover();
});

const url = (password: string, port = 6432) => `postgresql://shop:${password}@db.internal:${port}/shop?sslmode=require`;
const held = ({ provider, externalId }: Connected, target: string) => fakes[provider].held(externalId, target);
const states = ({ targets }: Awaited<ReturnType<typeof readIntegration>>) =>
  targets.map(({ target, state, version, failureCode }) => [target, state, version, failureCode]);
const audited = async (action: string) => db.auditEvent.findMany({ where: { projectId: adopted.projectId, action } });

/** Everything told, in its order. */
async function told() {
  const events = await db.event.findMany({
    where: { projectId: adopted.projectId },
    include: { deliveries: true },
    orderBy: [{ createdAt: 'asc' }, { type: 'asc' }],
  });
  expect(events.every(({ deliveries }) => deliveries.length === 1)).toBe(true);
  return events;
}

describe('a sync', () => {
  it.each([
    [
      'vercel',
      { targets: ['production', 'development'] },
      [
        ['development', 'in_sync', 1, null],
        ['production', 'unverified', 1, null],
      ],
    ],
    [
      'netlify',
      { preview_branches: true },
      [
        ['branch-deploy', 'unverified', 1, null],
        ['deploy-preview', 'unverified', 1, null],
        ['production', 'unverified', 1, null],
      ],
    ],
    ['github', {}, [['actions', 'unverified', 1, null]]],
  ] as const)('brings both URLs to every target of %s, and claims no more than was seen', async (provider, settings, wanted) => {
    const connected = await connect(adopted, fakes, provider, settings as never);
    const row = await attemptSync(connected);
    expect(states(row)).toEqual(wanted);
    for (const { target } of row.targets) expect(held(connected, target)).toEqual({ DATABASE_URL: url('first'), DATABASE_URL_UNPOOLED: url('first', 5432) });
    expect(row.syncs).toMatchObject([
      { version: 1, attempts: 1, finishedAt: expect.any(Date), claimedBy: null, job: { state: 'completed', error: null, attempts: 1 } },
    ]);
    expect(await audited('project.integration_synced')).toMatchObject([{ actorKind: 'system', metadata: { integration_id: row.id, provider, version: 1 } }]);
    const events = await told();
    expect(events.map(({ type }) => type)).toEqual(['integration.synced', 'job.completed']);
    expect(events[0]?.data).toMatchObject({ provider, version: 1, targets: wanted.map(([target, state, version]) => ({ target, state, version })) });
    expect(JSON.stringify(events)).not.toMatch(/first|fakeToken/);
    expect(fakes.violations()).toEqual([]);
  });

  it('writes the variables that were chosen, all from one password, and the direct URL where there is no pooler', async () => {
    await db.database.updateMany({ where: { organizationId: adopted.context.organizationId }, data: { pooledPort: null } });
    const variables = (['pooled_url', 'pooled_prisma_url', 'host', 'port', 'user', 'password', 'database'] as const).map((value) => ({
      name: `X_${value.toUpperCase()}`,
      value,
    }));
    const connected = await connect(adopted, fakes, 'github', { variables });
    await attemptSync(connected);
    expect(held(connected, 'actions')).toEqual({
      X_POOLED_URL: url('first', 5432),
      X_POOLED_PRISMA_URL: url('first', 5432),
      X_HOST: 'db.internal',
      X_PORT: '5432',
      X_USER: 'shop',
      X_PASSWORD: 'first',
      X_DATABASE: 'shop',
    });
  });

  it('marks the pooled URL for Prisma, whose direct one has a name of its own', async () => {
    const connected = await connect(adopted, fakes, 'github', { variables: [...VARIABLE_PRESETS.direct_url] });
    await attemptSync(connected);
    expect(held(connected, 'actions')).toEqual({ DATABASE_URL: `${url('first')}&pgbouncer=true`, DIRECT_URL: url('first', 5432) });
  });

  it('writes URLs for the drivers of Node, which take require for more', async () => {
    const connected = await connect(adopted, fakes, 'github', { variables: [...VARIABLE_PRESETS.node] });
    await attemptSync(connected);
    expect(held(connected, 'actions')).toEqual({
      DATABASE_URL: `${url('first')}&uselibpqcompat=true`,
      DATABASE_URL_UNPOOLED: `${url('first', 5432)}&uselibpqcompat=true`,
    });
  });

  it('is tried again five times at its times, then fails', async () => {
    const connected = await connect(adopted, fakes, 'netlify');
    fakes.netlify.fail({ kind: 'answer', status: 503 }, Number.POSITIVE_INFINITY);
    const waits: (number | string)[] = [];
    for (let n = 0; n < 6; n++) {
      const now = new Date(Date.now() + n * 1000);
      const [sync] = (await attemptSync(connected, { clock: () => now, random: () => n / 5 })).syncs;
      expect(sync?.job).toMatchObject({ errorCode: 'provider_failed', attempts: n + 1 });
      waits.push(sync?.finishedAt ? sync.job.state : (sync!.nextAttemptAt.getTime() - now.getTime()) / 1000);
    }
    // 10 s, 1 min, 5 min, 20 min and 1 h, less a fifth to more a fifth.
    expect(waits).toEqual([8, 52.8, 288, 1248, 4032, 'failed']);
    const row = await attemptSync(connected);
    expect(states(row)).toEqual([['production', 'failed', null, 'provider_failed']]);
    expect(row.syncs).toMatchObject([
      { attempts: 6, job: { state: 'failed', error: expect.stringContaining('Try again once'), retryClassification: 'transient' } },
    ]);
    expect((await told()).map(({ type }) => type)).toEqual(['integration.failed', 'job.failed']);

    fakes.netlify.recover();
    await requestSync(adopted.context, adopted.projectId, 'netlify');
    expect(states(await attemptSync(connected))).toEqual([['production', 'unverified', 1, null]]);
  });

  it('leaves a provider alone as long as it asks for', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['production', 'preview'] });
    const asked = fakes.vercel.requests.length;
    fakes.vercel.fail({ kind: 'answer', status: 429, headers: { 'retry-after': '900' } });
    const row = await attemptSync(connected);
    expect(fakes.vercel.requests.length - asked).toBe(1);
    expect(states(row)).toEqual([
      ['preview', 'failed', null, 'rate_limited'],
      ['production', 'pending', null, null],
    ]);
    const wait = (row.syncs[0]!.nextAttemptAt.getTime() - Date.now()) / 1000;
    expect(wait).toBeGreaterThan(890);
    expect(wait).toBeLessThanOrEqual(900);
    // Nor does a newer password come sooner.
    await replacePassword(adopted);
    const [sync] = (await readIntegration(connected.integrationId)).syncs;
    expect(sync!.nextAttemptAt).toEqual(sync!.notBefore);
    expect(states(await attemptSync(connected))).toEqual([
      ['preview', 'unverified', 2, null],
      ['production', 'unverified', 2, null],
    ]);
  });

  it('is not tried again with a token that was refused; a new token is followed by a sync', async () => {
    const connected = await connect(adopted, fakes, 'github');
    fakes.github.fail({ kind: 'answer', status: 401 });
    const row = await attemptSync(connected);
    expect(states(row)).toEqual([['actions', 'failed', null, 'token_refused']]);
    expect(row.syncs).toMatchObject([
      { attempts: 1, finishedAt: expect.any(Date), job: { state: 'failed', errorCode: 'token_refused', retryClassification: 'terminal' } },
    ]);
    const { job } = await updateIntegration(adopted.context, adopted.projectId, 'github', { token: fakes.github.token });
    expect(job).toMatchObject({ type: 'integration.sync_env', state: 'queued', sync: { provider: 'github' } });
    expect(states(await attemptSync(connected))).toEqual([['actions', 'unverified', 1, null]]);
  });

  it('lets one target that fails hold up no other, and brings it there alone afterwards', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development', 'production'] });
    fakes.vercel.fail({ kind: 'reset' });
    expect(states(await attemptSync(connected))).toEqual([
      ['development', 'failed', null, 'unreachable'],
      ['production', 'unverified', 1, null],
    ]);
    const { length } = fakes.vercel.requests;
    expect(states(await attemptSync(connected))).toEqual([
      ['development', 'in_sync', 1, null],
      ['production', 'unverified', 1, null],
    ]);
    expect(JSON.stringify(fakes.vercel.requests.slice(length))).not.toContain('production');
  });

  it('names the variables that were refused and writes the others', async () => {
    const connected = await connect(adopted, fakes, 'vercel');
    fakes.vercel.holdManaged(connected.externalId, ['production'], 'DATABASE_URL', 'theirs');
    const row = await attemptSync(connected);
    expect(states(row)).toEqual([['production', 'failed', null, 'managed_elsewhere']]);
    expect(row.targets[0]?.refusals).toEqual([{ name: 'DATABASE_URL', code: 'managed_elsewhere' }]);
    expect(held(connected, 'production')).toEqual({ DATABASE_URL: 'theirs', DATABASE_URL_UNPOOLED: url('first', 5432) });
    expect(row.syncs).toMatchObject([{ finishedAt: expect.any(Date), job: { state: 'failed', errorCode: 'managed_elsewhere' } }]);
  });

  it('says so where a secret does not open', async () => {
    const connected = await connect(adopted, fakes, 'github');
    await db.integration.update({ where: { id: connected.integrationId }, data: { tokenVersion: 7 } });
    expect(states(await attemptSync(connected))).toEqual([['actions', 'failed', null, 'secret_unreadable']]);
  });

  it('of a database that was disconnected meanwhile ends with its job', async () => {
    const connected = await connect(adopted, fakes, 'github');
    const [sync] = (await readIntegration(connected.integrationId)).syncs;
    const { disconnectIntegration } = await import('./disconnect-integration.ts');
    await disconnectIntegration(adopted.context, adopted.projectId, 'github');
    await syncIntegration(sync!.id, 'wrk_test');
    expect(await db.job.findUniqueOrThrow({ where: { id: sync!.jobId } })).toMatchObject({ state: 'failed', errorCode: 'disconnected' });
    expect((await told()).map(({ type }) => type)).toEqual(['job.failed']);
  });
});

describe('a check', () => {
  const NOW = new Date('2026-11-21T14:00:00.000Z');
  const check = () => checkIntegration(adopted.context, adopted.projectId, 'vercel');

  it('finds what somebody changed there, and the next sync puts it back', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development', 'production'] });
    await expect(check()).rejects.toMatchObject({ code: 'job_in_progress' });
    await attemptSync(connected);
    expect(await check()).toMatchObject({ state: 'unverified' });
    fakes.vercel.hold(connected.externalId, ['development'], 'DATABASE_URL', 'theirs');
    expect(await check()).toMatchObject({
      state: 'drifted',
      targets: [
        { target: 'development', state: 'drifted', version: 1, failure_code: 'changed_there' },
        { target: 'production', state: 'unverified' },
      ],
    });
    await check();
    expect(held(connected, 'development').DATABASE_URL).toBe('theirs');
    const { targets } = await readIntegration(connected.integrationId);
    expect(targets[0]?.refusals).toEqual([{ name: 'DATABASE_URL', code: 'changed_there' }]);
    expect(await audited('project.integration_drifted')).toMatchObject([{ metadata: { target: 'development', version: 1 } }]);
    expect((await told()).at(-1)).toMatchObject({ type: 'integration.drifted', data: { target: 'development', variables: ['DATABASE_URL'] } });
    await requestSync(adopted.context, adopted.projectId, 'vercel');
    expect(await audited('project.integration_sync_requested')).toMatchObject([{ metadata: { put_back: ['development'] } }]);
    expect(states(await attemptSync(connected))).toEqual([
      ['development', 'in_sync', 1, null],
      ['production', 'unverified', 1, null],
    ]);
    expect(held(connected, 'development').DATABASE_URL).toBe(url('first'));
  });

  it('is followed by a choice: what is kept is left alone, by another token too, until a rotation writes over it', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development', 'production'] });
    const keep = () => keepTheirs(adopted.context, adopted.projectId, 'vercel');
    await expect(keep()).rejects.toMatchObject({ code: 'job_in_progress' });
    await attemptSync(connected);
    await expect(keep()).rejects.toMatchObject({ code: 'conflict' });
    fakes.vercel.hold(connected.externalId, ['development'], 'DATABASE_URL', 'theirs');
    await check();
    await updateIntegration(adopted.context, adopted.projectId, 'vercel', { token: fakes.vercel.token });
    const row = await attemptSync(connected);
    expect(states(row)).toEqual([
      ['development', 'drifted', 1, 'changed_there'],
      ['production', 'unverified', 1, null],
    ]);
    expect(row.syncs[0]?.job).toMatchObject({ state: 'completed' });

    const count = async () => (await getProject(adopted.context, adopted.projectId)).consumers;
    expect(await count()).toMatchObject({ total: 1, up_to_date: 0, waiting: 1 });
    expect(await keep()).toMatchObject({ state: 'unverified', targets: [{ target: 'development', state: 'drifted', kept_by: 'test' }, { kept_at: null }] });
    expect(await audited('project.integration_kept')).toMatchObject([{ metadata: { targets: ['development'] } }]);
    expect(await check()).toMatchObject({ state: 'unverified', targets: [{ state: 'drifted', kept_by: 'test' }, { state: 'unverified' }] });
    expect(held(connected, 'development').DATABASE_URL).toBe('theirs');
    expect(await count()).toMatchObject({ total: 1, up_to_date: 1, waiting: 0 });
    const newest = await replacePassword(adopted);
    expect(await count()).toMatchObject({ total: 1, up_to_date: 0, waiting: 0 });
    const after = await attemptSync(connected);
    expect(states(after)).toEqual([
      ['development', 'in_sync', 2, null],
      ['production', 'unverified', 2, null],
    ]);
    expect(after.targets[0]).toMatchObject({ keptAt: null, keptBy: null });
    expect(held(connected, 'development').DATABASE_URL).toBe(url(newest.reveal()));
  });

  it('is made by itself, by one worker, at times that are spread', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development'] });
    const id = connected.integrationId;
    const due = async () => (await claimDueDriftChecks()).map((one) => one.id).filter((one) => one === id);
    const dueNow = () => db.integration.update({ where: { id }, data: { nextCheckAt: new Date(0) } });
    const look = (random: number) => checkDrift(id, 'wrk_test', { clock: () => NOW, random: () => random });
    const nextInMinutes = async () => ((await db.integration.findUniqueOrThrow({ where: { id } })).nextCheckAt.getTime() - NOW.getTime()) / 60_000;
    // A sync is in progress, which checks the value itself.
    expect(await due()).toEqual([]);
    await attemptSync(connected);
    expect(await due()).toEqual([]);
    await dueNow();
    expect((await Promise.all([due(), due()])).flat()).toEqual([id]);
    fakes.vercel.hold(connected.externalId, ['development'], 'DATABASE_URL', 'theirs');
    await look(0);
    expect(await nextInMinutes()).toBe(0.8 * 360);
    expect(states(await readIntegration(id))).toEqual([['development', 'drifted', 1, 'changed_there']]);
    expect(await audited('project.integration_drifted')).toMatchObject([{ actorKind: 'system' }]);
    fakes.vercel.fail({ kind: 'answer', status: 503 });
    await look(1);
    expect(await nextInMinutes()).toBeCloseTo(1.2 * 15);
    // A problem that only a person can fix is reported once; nothing was overwritten.
    fakes.vercel.fail({ kind: 'answer', status: 401 }, 2);
    await look(0.5);
    await look(0.5);
    expect(await nextInMinutes()).toBe(360);
    const [shown] = await listIntegrations(adopted.context, adopted.projectId);
    expect(shown).toMatchObject({ state: 'drifted', check_failure_code: 'token_refused', check_failure: expect.stringContaining('Replace the token') });
    expect(await audited('project.integration_check_failed')).toHaveLength(1);
    expect(held(connected, 'development').DATABASE_URL).toBe('theirs');
    // They have put ours back themselves.
    fakes.vercel.hold(connected.externalId, ['development'], 'DATABASE_URL', url('first'));
    await look(0.5);
    expect((await listIntegrations(adopted.context, adopted.projectId))[0]).toMatchObject({ state: 'in_sync', check_failure: null });
  });

  it('says nothing of a version that was not brought, nor where the provider does not answer', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development'] });
    fakes.vercel.fail({ kind: 'answer', status: 401 });
    await attemptSync(connected);
    expect(await check()).toMatchObject({ targets: [{ state: 'failed', failure_code: 'token_refused' }] });
    await requestSync(adopted.context, adopted.projectId, 'vercel');
    await attemptSync(connected);
    fakes.vercel.fail({ kind: 'answer', status: 503 });
    await expect(check()).rejects.toMatchObject({ code: 'provider_failed' });
    expect(states(await readIntegration(connected.integrationId))).toEqual([['development', 'in_sync', 1, null]]);
  });
});

describe('a deployment', () => {
  const asked = async ({ integrationId }: Connected) =>
    (await readIntegration(integrationId)).redeployments.map(({ version, state, failureCode }) => [version, state, failureCode]);

  it('is asked for once for each version and configuration, where that was chosen', async () => {
    const connected = await connect(adopted, fakes, 'netlify', { redeploy: 'automatic' });
    await attemptSync(connected);
    expect(await asked(connected)).toEqual([[1, 'requested', null]]);
    // Netlify is unavailable: the newer version is not kept waiting by what could not be asked for.
    const [first] = (await readIntegration(connected.integrationId)).redeployments;
    fakes.netlify.fail({ kind: 'answer', status: 503 });
    await redeploy(first!.id, 'wrk_test');
    expect(await asked(connected)).toEqual([[1, 'requested', 'provider_failed']]);
    await replacePassword(adopted);
    await attemptSync(connected);
    expect(await asked(connected)).toEqual([[2, 'requested', null]]);
    await redeploy(first!.id, 'wrk_test');
    await requestSync(adopted.context, adopted.projectId, 'netlify');
    await attemptSync(connected);
    expect(await asked(connected)).toEqual([[2, 'started', null]]);
    await updateIntegration(adopted.context, adopted.projectId, 'netlify', { preview_branches: true });
    await attemptSync(connected);
    expect(await asked(connected)).toEqual([
      [2, 'requested', null],
      [2, 'started', null],
    ]);
  });

  it('that somebody else has asked for anew meanwhile is left to that one', async () => {
    const connected = await connect(adopted, fakes, 'netlify', { redeploy: 'automatic' });
    await attemptSync(connected);
    const [one] = (await readIntegration(connected.integrationId)).redeployments;
    const { length } = fakes.netlify.requests;
    fakes.netlify.fail({ kind: 'hang' });
    const sleeper = redeploy(one!.id, 'wrk_test');
    await expect.poll(() => fakes.netlify.requests.length).toBeGreaterThan(length);
    await replacePassword(adopted);
    await attemptSync(connected);
    await sleeper;
    expect(await asked(connected)).toEqual([[2, 'requested', null]]);
  });
});

describe('the newest password', () => {
  it('reaches every target though two rotations complete within one sync', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development'] });
    await replacePassword(adopted);
    const newest = await replacePassword(adopted);
    const row = await attemptSync(connected);
    expect(row.syncs).toHaveLength(1);
    expect(states(row)).toEqual([['development', 'in_sync', 3, null]]);
    expect(held(connected, 'development').DATABASE_URL).toBe(url(newest.reveal()));
  });

  it('is brought by a next sync, queued with the end of the one that was under way', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development'] });
    const [first] = (await readIntegration(connected.integrationId)).syncs;
    const attempt = await loadAttempt((await claimSync(first!.id, 'wrk_test'))!);
    const newest = await replacePassword(adopted);
    await recordTarget(attempt, 'development', { state: 'in_sync', wasTaken: true, failureCode: null, refusals: [], retryAt: null }, new Date());
    await settleSync(attempt, { retryAt: null, now: new Date(), random: () => 0.5 });
    const { syncs } = await readIntegration(connected.integrationId);
    expect(syncs.map(({ finishedAt, job }) => [finishedAt !== null, job.state])).toEqual([
      [false, 'queued'],
      [true, 'completed'],
    ]);
    expect(states(await attemptSync(connected))).toEqual([['development', 'in_sync', 2, null]]);
    expect(held(connected, 'development').DATABASE_URL).toBe(url(newest.reveal()));
  });

  it('is never recorded over by an older one', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development'] });
    const [sync] = (await readIntegration(connected.integrationId)).syncs;
    const attempt = await loadAttempt((await claimSync(sync!.id, 'wrk_test'))!);
    await db.integrationTarget.updateMany({ where: { integrationId: connected.integrationId }, data: { version: 2, state: 'in_sync' } });
    await recordTarget(attempt, 'development', { state: 'failed', wasTaken: true, failureCode: 'unreachable', refusals: [], retryAt: null }, new Date());
    expect(states(await readIntegration(connected.integrationId))).toEqual([['development', 'in_sync', 2, null]]);
  });

  it('is brought again where a worker stood still while another one went on', async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development'] });
    const { length } = fakes.vercel.requests;
    fakes.vercel.fail({ kind: 'hang' });
    const sleeper = attemptSync(connected);
    await expect.poll(() => fakes.vercel.requests.length).toBeGreaterThan(length);
    // Another worker takes over, brings the newest password and finishes.
    await db.sync.updateMany({ where: { integrationId: connected.integrationId }, data: { leaseUntil: new Date(0) } });
    await replacePassword(adopted);
    const [sync] = (await readIntegration(connected.integrationId)).syncs;
    await db.sync.update({ where: { id: sync!.id }, data: { nextAttemptAt: new Date(0) } });
    await syncIntegration(sync!.id, 'wrk_other');
    expect(states(await readIntegration(connected.integrationId))).toEqual([['development', 'in_sync', 2, null]]);
    const { syncs, ...row } = await sleeper;
    expect(states({ ...row, syncs })).toEqual([['development', 'pending', 2, null]]);
    expect(syncs.map(({ finishedAt }) => finishedAt !== null)).toEqual([false, true]);
    expect(states(await attemptSync(connected))).toEqual([['development', 'in_sync', 2, null]]);
  });

  it('is brought to every project that shares the login', async () => {
    const second = await db.project.create({
      data: {
        id: 'prj_second',
        organizationId: adopted.context.organizationId,
        databaseId: adopted.databaseId,
        databaseName: 'other',
        name: 'other',
        slug: 'other',
      },
    });
    const both = [await connect(adopted, fakes, 'github'), await connect({ ...adopted, projectId: second.id }, fakes, 'github')];
    for (const one of both) await attemptSync(one);
    const newest = await replacePassword(adopted);
    for (const one of both) await attemptSync(one);
    expect(both.map((one) => held(one, 'actions').DATABASE_URL)).toEqual([url(newest.reveal()), url(newest.reveal()).replace('/shop?', '/other?')]);
    const { sealed, ...key } = await db.credential.findFirstOrThrow({ where: { databaseId: adopted.databaseId, state: 'current' } });
    expect((await openCredential({ ...key, sealed })).password.reveal()).toBe(newest.reveal());
  });
});

itRecords(
  'project.integration_sync_failed',
  'project.integration_synced',
  'project.integration_drifted',
  'project.integration_kept',
  'project.integration_check_failed',
);
