import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CreatePolicyBody, createPolicyBody, type PolicyWire } from '#lib/contract/policy.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { postgres } from '#lib/engines/postgres.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { holdAt } from '#lib/kernel/failpoint.ts';
import { newId } from '#lib/kernel/ids.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { attemptAll, readRotation, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { createPolicy } from './create-policy.ts';
import { deletePolicy } from './delete-policy.ts';
import { findDuePolicyWork } from './find-due.ts';
import { planLogins } from './plan-logins.ts';
import { setProjectPolicy } from './project-policy.ts';
import { recordMissed } from './record-missed.ts';
import { requestRun } from './request-run.ts';
import { settleRun } from './settle-run.ts';
import { updatePolicy } from './update-policy.ts';

const ALWAYS = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }];
const WORKERS = ['wrk_1', 'wrk_2', 'wrk_3'];

let server: TestTarget;
let organizationId: string;
let context: Context;
let count = 0;
beforeAll(async () => {
  server = await startTarget();
});
afterAll(() => server.stop());
beforeEach(async () => {
  organizationId = await makeOrganization();
  context = { organizationId, origin: {}, actor: { kind: 'system', id: null, name: 'test' } };
});

const make = (body: Partial<CreatePolicyBody> = {}): Promise<PolicyWire> =>
  createPolicy(context, createPolicyBody.parse({ name: `policy ${++count}`, max_age_days: 30, windows: ALWAYS, ...body }));
const adoptLogin = async (): Promise<Adopted> => adopt({ target: server.target, login: await server.createLogin(`app${++count}`), organizationId });
const assign = ({ projectId }: Adopted, id: string | null) => setProjectPolicy(context, projectId, { policy_id: id });
const loginOf = ({ databaseId }: Adopted) => db.database.findUniqueOrThrow({ where: { id: databaseId } });
const rotationsOf = ({ databaseId }: Adopted) => db.rotation.findMany({ where: { databaseId }, orderBy: { createdAt: 'asc' } });
/** As if the time of its run had come, in a window that closes in so many seconds. */
const makeDue = ({ databaseId }: Adopted, closesInS = 3600) => db.$executeRaw`
  UPDATE databases SET next_run_at = now() - interval '1 s', run_opens_at = now() - interval '1 h', run_closes_at = now() + make_interval(secs => ${closesInS}) WHERE id = ${databaseId}`;
const due = () => findDuePolicyWork('wrk_test', []);
/** A sweep by several workers at once. */
async function sweep(): Promise<void> {
  const { hasPlans, missed, runs, ended } = await due();
  await Promise.all(
    WORKERS.flatMap((worker) => [
      ...(hasPlans ? [planLogins()] : []),
      ...missed.map((id) => recordMissed(id)),
      ...runs.map((id) => requestRun(id, worker)),
      ...ended.map((id) => settleRun(id)),
    ]),
  );
}
const tag = ({ projectId }: Adopted, key: string, value: string) => db.projectTag.create({ data: { organizationId, projectId, key, value } });

describe('a run', () => {
  it('is an ordinary rotation, requested once by however many workers, and the next one is planned from it', async () => {
    const login = await adoptLogin();
    const policy = await make({ close_sessions: true });
    const { policy: assigned, runs } = await assign(login, policy.id);
    expect(assigned).toMatchObject({ id: policy.id, source: 'project', failures: 0, missed_at: null, next_run_at: expect.any(String) });
    expect(runs).toHaveLength(5);
    expect(runs[0]?.opens_at).toBe(assigned?.opens_at);
    expect(await due()).toEqual({ hasPlans: false, missed: [], runs: [], ended: [] });

    await makeDue(login);
    await sweep();
    const [rotation, ...others] = await rotationsOf(login);
    expect(others).toEqual([]);
    expect(rotation).toMatchObject({
      reason: 'routine',
      note: `Policy ${policy.name}.`,
      policyId: policy.id,
      closeSessions: true,
      requestedBy: `policy ${policy.name}`,
    });
    expect(await loginOf(login)).toMatchObject({ nextRunAt: null, policyJobId: rotation?.jobId });
    await sweep();
    expect(await rotationsOf(login)).toHaveLength(1);

    expect((await attemptAll(rotation?.id ?? '')).state).toBe('completed');
    await sweep();
    await sweep();
    const { rotatedAt, nextRunAt, policyJobId } = await loginOf(login);
    expect(policyJobId).toBeNull();
    expect((nextRunAt?.getTime() ?? 0) - (rotatedAt?.getTime() ?? 0)).toBeGreaterThan(27 * 86_400_000);
    expect(await due()).toEqual({ hasPlans: false, missed: [], runs: [], ended: [] });
  });

  it('moves when a person rotates the login', async () => {
    const login = await adoptLogin();
    await db.$executeRaw`UPDATE databases SET created_at = now() - interval '20 days' WHERE id = ${login.databaseId}`;
    await assign(login, (await make()).id);
    const before = await loginOf(login);
    await rotate(login);
    expect(await loginOf(login)).toMatchObject({ nextRunAt: null, planAt: expect.any(Date) });
    await sweep();
    const after = await loginOf(login);
    expect((after.nextRunAt?.getTime() ?? 0) - (before.nextRunAt?.getTime() ?? 0)).toBeGreaterThan(18 * 86_400_000);
  });

  it('waits while the login is being rotated, and is not made twice', async () => {
    const login = await adoptLogin();
    await assign(login, (await make()).id);
    await makeDue(login);
    await db.database.update({ where: { id: login.databaseId }, data: { state: 'verifying' } });
    await sweep();
    expect(await rotationsOf(login)).toEqual([]);
    // Put off, not lost.
    expect((await due()).runs).toEqual([]);
    expect((await loginOf(login)).nextRunAt).not.toBeNull();
    await db.database.update({ where: { id: login.databaseId }, data: { state: 'ready' } });
    await db.workClaim.updateMany({ where: { id: login.databaseId }, data: { nextAttemptAt: new Date(0) } });
    await sweep();
    expect(await rotationsOf(login)).toHaveLength(1);
  });

  it('does not begin after its window, even where a dead worker has left its rotation behind', async () => {
    const login = await adoptLogin();
    const before = await storedLogin(login);
    await assign(login, (await make()).id);
    await makeDue(login, 60);
    await sweep();
    const [rotation] = await rotationsOf(login);
    const { runClosesAt } = await loginOf(login);
    expect(rotation?.deadlineAt).toEqual(runClosesAt);
    // The minute passes, with no worker.
    await db.rotation.update({ where: { id: rotation?.id ?? '' }, data: { deadlineAt: new Date(Date.now() - 1_000) } });
    await advanceRotation(rotation?.id ?? '', 'wrk_test');
    expect(await readRotation(rotation?.id ?? '')).toMatchObject({ state: 'failed', errorCode: 'deadline_passed' });
    expect(await postgres.probe(server.target, 'direct', before)).toMatchObject({ verdict: 'accepted' });
  });
});

describe('a missed window', () => {
  it('is recorded once, changes nothing, and the login waits for the next one', async () => {
    const [one, two] = [await adoptLogin(), await adoptLogin()];
    const policy = await make();
    await Promise.all([one, two].map((login) => assign(login, policy.id)));
    await db.$executeRaw`UPDATE databases SET next_run_at = now() - interval '5 h', run_opens_at = now() - interval '6 h', run_closes_at = date_trunc('second', now() - interval '1 h') WHERE organization_id = ${organizationId}`;
    expect(await due()).toMatchObject({ missed: [policy.id], runs: [] });
    await sweep();
    await sweep();
    expect([...(await rotationsOf(one)), ...(await rotationsOf(two))]).toEqual([]);
    const told = await db.auditEvent.findMany({ where: { organizationId, action: 'policy.missed' } });
    expect(told).toMatchObject([{ outcome: 'failed', metadata: { name: policy.name, logins: 2, runs_now: false } }]);
    expect(await db.event.count({ where: { organizationId, type: 'policy.missed' } })).toBe(1);
    const after = await loginOf(one);
    expect(after).toMatchObject({ missedAt: expect.any(Date), nextRunAt: expect.any(Date) });
    expect(after.nextRunAt?.getTime()).toBeGreaterThan(Date.now());
    expect(await due()).toEqual({ hasPlans: false, missed: [], runs: [], ended: [] });
    // Made good by the next password.
    await rotate(one);
    expect((await loginOf(one)).missedAt).toBeNull();
  });

  it('is made up for at once where the policy says so', async () => {
    const login = await adoptLogin();
    // No window is open now: none opens before the day after tomorrow.
    const day = (['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const)[(new Date().getUTCDay() + 2) % 7] ?? 'mon';
    const policy = await make({ run_when_back: true, windows: [{ days: [day], from: '10:00', to: '11:00' }] });
    await assign(login, policy.id);
    await makeDue(login, -60);
    await sweep();
    await sweep();
    expect(await rotationsOf(login)).toMatchObject([{ policyId: policy.id, note: `Policy ${policy.name}, late: its window was missed.` }]);
    expect(await db.auditEvent.count({ where: { organizationId, action: 'policy.missed' } })).toBe(1);
  });

  it('is not made up for on a blackout date', async () => {
    const login = await adoptLogin();
    const today = new Date().toISOString().slice(0, 10);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const policy = await make({ run_when_back: true, blackouts: [{ from: today, to: tomorrow }] });
    await assign(login, policy.id);
    await makeDue(login, -60);
    await sweep();
    await sweep();
    await sweep();
    expect(await rotationsOf(login)).toEqual([]);
    expect((await loginOf(login)).nextRunAt?.toISOString().slice(0, 10)).not.toBe(today);
  });
});

describe('failures', () => {
  it('are tried again once in the same window, then in the next one, and told', { timeout: 180_000 }, async () => {
    const login = await adopt({ target: NOWHERE, login: { user: 'dead', password: generatePassword() }, organizationId });
    const policy = await make();
    await assign(login, policy.id);
    const failOnce = async () => {
      await makeDue(login);
      await sweep();
      const last = (await rotationsOf(login)).at(-1);
      expect((await attemptAll(last?.id ?? '')).state).toBe('failed');
      const closesAt = (await loginOf(login)).runClosesAt?.getTime() ?? 0;
      await sweep();
      await sweep();
      return { closesAt, nextRunAt: (await loginOf(login)).nextRunAt?.getTime() ?? 0 };
    };
    const first = await failOnce();
    expect(first.nextRunAt).toBeGreaterThan(Date.now());
    expect(await db.auditEvent.count({ where: { organizationId, action: 'policy.backed_off' } })).toBe(0);
    const second = await failOnce();
    expect(second.nextRunAt).toBeGreaterThanOrEqual(second.closesAt);
    expect(await db.auditEvent.findMany({ where: { organizationId, action: 'policy.backed_off' } })).toMatchObject([
      { outcome: 'failed', metadata: { failures: 2, role_name: 'dead', error_code: expect.stringMatching(/^(server_unreachable|deadline_passed)$/) } },
    ]);
    expect(await db.event.count({ where: { organizationId, type: 'policy.backed_off' } })).toBe(1);
    expect(await rotationsOf(login)).toHaveLength(2);
  });
});

describe('a policy that is paused or deleted', () => {
  it.each(['paused', 'deleted'])('never runs once it is %s, even where a worker has read its run already', async (how) => {
    const login = await adoptLogin();
    const policy = await make();
    await assign(login, policy.id);
    await makeDue(login);
    const held = holdAt('policy.loaded');
    const worker = requestRun(login.databaseId, 'wrk_1');
    await held.reached;
    if (how === 'paused') await updatePolicy(context, policy.id, { paused: true });
    else await deletePolicy(context, policy.id);
    held.letGo();
    await worker;
    await sweep();
    await sweep();
    expect(await rotationsOf(login)).toEqual([]);
    expect(await loginOf(login)).toMatchObject({ nextRunAt: null, state: 'ready' });
    if (how === 'deleted') return;
    await updatePolicy(context, policy.id, { paused: false });
    expect((await loginOf(login)).nextRunAt).not.toBeNull();
  });
});

describe('a pair', () => {
  it('is not rotated in the same window', async () => {
    const [one, two] = [await adoptLogin(), await adoptLogin()];
    for (const login of [one, two]) await tag(login, 'pair', 'shop');
    const policy = await make();
    await Promise.all([one, two].map((login) => assign(login, policy.id)));
    expect((await loginOf(one)).runClosesAt).not.toEqual((await loginOf(two)).runClosesAt);
    await makeDue(one);
    await makeDue(two);
    await sweep();
    const rotations = [...(await rotationsOf(one)), ...(await rotationsOf(two))];
    expect(rotations).toHaveLength(1);
    await sweep();
    const waiting = rotations[0]?.databaseId === one.databaseId ? two : one;
    expect((await loginOf(waiting)).nextRunAt?.getTime()).toBeGreaterThan(Date.now());
    expect(await rotationsOf(waiting)).toEqual([]);
  });
});

describe('which policy applies', () => {
  it('is the one set on the project, else that of a tag rule, else the default', async () => {
    const login = await adoptLogin();
    const applied = async () => {
      await sweep();
      const { policyId, policySource } = await loginOf(login);
      return [policyId, policySource];
    };
    const fallback = await make({ is_default: true });
    expect(await applied()).toEqual([fallback.id, 'default']);
    await tag(login, 'env', 'production');
    const tagged = await make({
      tag_rule: [
        { key: 'env', value: 'production', is_not: false },
        { key: 'team', value: 'payments', is_not: true },
      ],
    });
    expect(await applied()).toEqual([tagged.id, 'tag']);
    const chosen = await make();
    await assign(login, chosen.id);
    expect(await applied()).toEqual([chosen.id, 'project']);
    await assign(login, null);
    expect(await applied()).toEqual([tagged.id, 'tag']);
    await deletePolicy(context, tagged.id);
    expect(await applied()).toEqual([fallback.id, 'default']);
    const other = await make({ is_default: true });
    expect(await applied()).toEqual([other.id, 'default']);
    // A login that is added later.
    const later = await adoptLogin();
    await sweep();
    expect(await loginOf(later)).toMatchObject({ policyId: other.id, nextRunAt: expect.any(Date) });
    // Of another organization.
    const foreign = await adopt({ target: server.target, login: await server.createLogin(newId('usr').toLowerCase()) });
    await sweep();
    expect(await loginOf(foreign)).toMatchObject({ policyId: null, planAt: null });
  });

  it('is planned anew when its rule changes', async () => {
    const login = await adoptLogin();
    const policy = await make({ max_age_days: 300 });
    await assign(login, policy.id);
    const before = (await loginOf(login)).nextRunAt?.getTime() ?? 0;
    await updatePolicy(context, policy.id, { max_age_days: 10 });
    expect((await loginOf(login)).nextRunAt?.getTime()).toBeLessThan(before);
    await updatePolicy(context, policy.id, { max_age_days: null, cron: '30 1 * * *', windows: [], spread: false, time_zone: 'Europe/Berlin' });
    const { nextRunAt } = await loginOf(login);
    expect(nextRunAt?.toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' })).toBe('01:30:00');
  });
});

itRecords(
  'policy.created',
  'policy.updated',
  'policy.paused',
  'policy.resumed',
  'policy.deleted',
  'policy.missed',
  'policy.backed_off',
  'project.policy_assigned (project-policy)',
);
