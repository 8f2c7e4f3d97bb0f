import { beforeAll, describe, expect, it } from 'vitest';
import * as one from '#app/api/v1/organizations/[organizationId]/policies/[policyId]/route.ts';
import * as preview from '#app/api/v1/organizations/[organizationId]/policies/preview/route.ts';
import * as policies from '#app/api/v1/organizations/[organizationId]/policies/route.ts';
import * as projectPolicy from '#app/api/v1/projects/[projectId]/policy/route.ts';
import * as project from '#app/api/v1/projects/[projectId]/route.ts';
import * as projects from '#app/api/v1/projects/route.ts';
import * as site from '#app/api/v1/vector/sites/[siteId]/route.ts';
import * as sites from '#app/api/v1/vector/sites/route.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { db } from '#lib/kernel/db.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { type Call, call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';

let organizationId: string;
let headers: Record<string, string>;
beforeAll(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
});

type Handler = Parameters<typeof call>[0];
const send = (handler: Handler, method: string, params: Record<string, string> = {}, body?: object, more: Call['headers'] = {}) =>
  call(handler, { method, params: { organizationId, ...params }, ...(body && { body }), headers: { ...headers, ...more } });

const MONTHLY = { name: 'Monthly', max_age_days: 30, time_zone: 'Europe/Berlin', windows: [{ days: ['sun'], from: '02:00', to: '05:00' }] };
const create = async (body: object) => (await send(policies.POST, 'POST', {}, body)).body.policy;

it('creates, lists, changes and deletes a policy', async () => {
  const created = await send(policies.POST, 'POST', {}, MONTHLY, { 'idempotency-key': 'monthly' });
  expect(created).toMatchObject({ status: 201, body: { policy: { ...MONTHLY, cron: null, spread: true, run_when_back: false, logins: 0, paused_at: null } } });
  const { id: policyId } = created.body.policy;
  // The same request again is the same policy.
  expect((await send(policies.POST, 'POST', {}, MONTHLY, { 'idempotency-key': 'monthly' })).body.policy.id).toBe(policyId);
  expect((await send(policies.GET, 'GET')).body).toMatchObject({ policies: [{ id: policyId }], logins: 0, without_policy: 0 });
  const paused = await send(one.PATCH, 'PATCH', { policyId }, { paused: true, name: 'Once a month' });
  expect(paused.body.policy).toMatchObject({ name: 'Once a month', paused_at: expect.any(String), paused_by: 'test' });
  expect((await send(one.PATCH, 'PATCH', { policyId }, { paused: true })).body.policy.paused_at).toBe(paused.body.policy.paused_at);
  expect((await send(one.GET, 'GET', { policyId })).body.policy.name).toBe('Once a month');
  expect((await send(one.DELETE, 'DELETE', { policyId })).status).toBe(204);
  expect((await send(one.GET, 'GET', { policyId })).status).toBe(404);
});

it.each([
  ['name', { name: '' }],
  ['max_age_days', { max_age_days: null }],
  ['cron', { cron: '30 1 * * *' }],
  ['cron', { max_age_days: null, cron: '30 1 * *' }],
  ['cron', { max_age_days: null, cron: '* * * * * *' }],
  ['cron', { max_age_days: null, cron: '0 0 30 2 *' }],
  ['cron', { max_age_days: null, cron: '*/20 * * * *' }],
  ['windows', { max_age_days: null, cron: '0 12 * * *' }],
  [
    'windows',
    {
      windows: [
        { days: ['sun'], from: '22:00', to: '03:00' },
        { days: ['mon'], from: '02:00', to: '04:00' },
      ],
    },
  ],
  ['windows.0.from', { windows: [{ days: ['sun'], from: '2:00', to: '03:00' }] }],
  ['windows.0', { windows: [{ days: ['sun'], from: '02:00', to: '02:00' }] }],
  ['time_zone', { time_zone: 'Europe/Atlantis' }],
  ['time_zone', { time_zone: '+01:00' }],
  ['blackouts.0.from', { blackouts: [{ from: '2026-02-30', to: '2026-03-01' }] }],
  ['blackouts.0', { blackouts: [{ from: '2026-03-02', to: '2026-03-01' }] }],
  ['blackouts', { blackouts: [{ from: '2020-01-01', to: '2099-12-31' }] }],
  ['tag_rule.0.key', { tag_rule: [{ key: 'Team Shop', value: 'x' }] }],
  ['max_age', { max_age: 3 }],
])('refuses a policy whose %s is wrong: %j', async (field, change) => {
  const before = await db.policy.count({ where: { organizationId } });
  const { status, body } = await send(policies.POST, 'POST', {}, { ...MONTHLY, name: 'Wrong', ...change });
  expect({ status, fields: Object.keys(body.errors ?? {}) }).toEqual({ status: 422, fields: [field] });
  expect(await db.policy.count({ where: { organizationId } })).toBe(before);
});

it('refuses a name that is taken, and a change that leaves no rule', async () => {
  const { id: policyId } = await create({ ...MONTHLY, name: 'Taken' });
  expect(await send(policies.POST, 'POST', {}, { ...MONTHLY, name: 'Taken' })).toMatchObject({ status: 422, body: { errors: { name: [expect.any(String)] } } });
  expect(await send(one.PATCH, 'PATCH', { policyId }, { max_age_days: null })).toMatchObject({
    status: 422,
    body: { errors: { max_age_days: [expect.any(String)] } },
  });
  expect((await send(one.GET, 'GET', { policyId })).body.policy.max_age_days).toBe(30);
});

it('previews the next five runs with the changes of the clocks, and stores nothing', async () => {
  const { name: _, ...rule } = MONTHLY;
  const before = await db.policy.count();
  const { status, body } = await send(preview.POST, 'POST', {}, { ...rule, since: '2026-11-08T01:14:00.000Z' });
  expect(status).toBe(200);
  expect(body.runs).toHaveLength(5);
  expect(body.runs.filter(({ clock_change: change }: { clock_change: unknown }) => change !== null).length).toBeLessThanOrEqual(1);
  for (const { opens_at: at } of body.runs) expect(new Date(at).toLocaleDateString('en-US', { weekday: 'short', timeZone: 'Europe/Berlin' })).toBe('Sun');
  expect(await db.policy.count()).toBe(before);
});

describe('the policy of a project', () => {
  it('is set, shown with its next runs, and taken away', async () => {
    const { projectId } = await adopt({ target: NOWHERE, login: { user: 'app', password: generatePassword() }, organizationId });
    const { id } = await create({ ...MONTHLY, name: 'For one project' });
    const set = await send(projectPolicy.PUT, 'PUT', { projectId }, { policy_id: id });
    expect(set.body).toMatchObject({ policy: { id, source: 'project', time_zone: 'Europe/Berlin', is_paused: false, failures: 0 }, pair: [] });
    expect(set.body.runs).toHaveLength(5);
    expect((await send(projectPolicy.GET, 'GET', { projectId })).body).toEqual(set.body);
    expect((await send(project.GET, 'GET', { projectId })).body.project.policy).toEqual(set.body.policy);
    expect((await send(one.GET, 'GET', { policyId: id })).body.policy).toMatchObject({ logins: 1, overdue: 0, next_run_at: set.body.policy.next_run_at });
    // Again: nothing changes, and nothing is recorded.
    await send(projectPolicy.PUT, 'PUT', { projectId }, { policy_id: id });
    expect(await db.auditEvent.count({ where: { projectId, action: 'project.policy_assigned' } })).toBe(1);
    expect((await send(projectPolicy.PUT, 'PUT', { projectId }, { policy_id: null })).body).toEqual({ policy: null, runs: [], pair: [] });
  });

  it('is not one of another organization', async () => {
    const { projectId } = await adopt({ target: NOWHERE, login: { user: 'other', password: generatePassword() }, organizationId });
    const foreign = await db.policy.create({
      data: { id: 'pol_foreign', organizationId: await makeOrganization(), name: 'Theirs', maxAgeDays: 1, timeZone: 'UTC' },
    });
    const answers = await Promise.all([foreign.id, 'pol_none'].map((id) => send(projectPolicy.PUT, 'PUT', { projectId }, { policy_id: id })));
    for (const { status, body } of answers) expect({ status, fields: Object.keys(body.errors) }).toEqual({ status: 422, fields: ['policy_id'] });
  });
});

describe('tags', () => {
  const TAGGED = { name: 'Tagged', max_age_days: 30, tag_rule: [{ key: 'env', value: 'production' }] };

  it('are set on a project, choose its policy, and are taken away', async () => {
    const { projectId } = await adopt({ target: NOWHERE, login: { user: 'tagged', password: generatePassword() }, organizationId });
    const { id } = await create(TAGGED);
    const tags = { env: 'production', pair: 'shop' };
    const set = await send(project.PATCH, 'PATCH', { projectId }, { tags });
    expect(set.body.project).toMatchObject({ tags, policy: { id, source: 'tag', next_run_at: expect.any(String) } });
    expect((await send(preview.POST, 'POST', {}, { max_age_days: 1, tag_rule: TAGGED.tag_rule })).body.matches).toBe(1);
    const other = await adopt({ target: NOWHERE, login: { user: 'worker', password: generatePassword() }, organizationId });
    await send(project.PATCH, 'PATCH', { projectId: other.projectId }, { tags: { pair: 'shop' } });
    expect((await send(projectPolicy.GET, 'GET', { projectId })).body.pair).toEqual([{ id: other.projectId, name: 'worker' }]);
    expect((await send(project.PATCH, 'PATCH', { projectId }, { tags: {} })).body.project).toMatchObject({ tags: {}, policy: null });
    const event = await db.auditEvent.findFirst({ where: { projectId, action: 'project.updated' }, orderBy: { seq: 'desc' } });
    expect(event?.metadata).toMatchObject({ fields: ['tags'] });
  });

  it.each([[{ 'Team Shop': 'x' }], [{ env: '' }], [{ env: 3 }]])('refuses %j, and changes nothing', async (tags) => {
    const { projectId } = await adopt({ target: NOWHERE, login: { user: 'app', password: generatePassword() }, organizationId });
    expect((await send(project.PATCH, 'PATCH', { projectId }, { tags })).status).toBe(422);
    expect(await db.projectTag.count({ where: { projectId } })).toBe(0);
  });

  it('with a key among the words of a site are those of its project', async () => {
    const database = { connection_url: 'postgres://dev:p@127.0.0.1:1/d' };
    const added = await send(sites.POST, 'POST', {}, { partner_customer_id: 'c', tags: ['vip', 'team=shop'], database });
    const projectId = added.body.data.project_id;
    expect((await send(project.GET, 'GET', { projectId })).body.project.tags).toEqual({ team: 'shop' });
    await send(site.PUT, 'PUT', { siteId: added.body.data.id }, { tags: ['vip'] });
    expect((await send(project.GET, 'GET', { projectId })).body.project.tags).toEqual({});
    expect(await send(site.PUT, 'PUT', { siteId: added.body.data.id }, { tags: ['Team=shop'] })).toMatchObject({
      status: 422,
      body: { errors: { tags: [expect.any(String)] } },
    });
  });
});

it('narrows the list of projects by tag, policy and overdue password', async () => {
  const ours = await makeOrganization();
  const key = await keyHeaders(ours);
  const find = async (query: string) => {
    const { body } = await call(projects.GET, { path: `/api/v1/projects?${query}`, headers: key });
    return body.projects.map(({ name }: { name: string }) => name);
  };
  const [old, young] = await Promise.all(
    ['old', 'young'].map((user) => adopt({ target: NOWHERE, login: { user, password: generatePassword() }, organizationId: ours })),
  );
  const { body } = await call(policies.POST, { method: 'POST', params: { organizationId: ours }, body: MONTHLY, headers: key });
  await db.$executeRaw`UPDATE databases SET rotated_at = now() - interval '40 days' WHERE id = ${old?.databaseId}`;
  const params = { projectId: old?.projectId ?? '' };
  await call(project.PATCH, { method: 'PATCH', params, body: { tags: { env: 'a=b' } }, headers: key });
  await call(projectPolicy.PUT, { method: 'PUT', params, body: { policy_id: body.policy.id }, headers: key });
  expect([young?.databaseId === old?.databaseId, await find('tag=env%3Da%3Db'), await find('tag=env%3Da')]).toEqual([false, ['old'], []]);
  expect([await find(`policy=${body.policy.id}`), await find('policy=none')]).toEqual([['old'], ['young']]);
  expect([await find('overdue=true'), await find('overdue=false')]).toEqual([['old'], ['young']]);
  expect((await call(projects.GET, { path: '/api/v1/projects?tag=env', headers: key })).body.errors).toEqual({ tag: ['Write the tag as env=production.'] });
});
