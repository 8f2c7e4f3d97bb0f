import { beforeAll, beforeEach, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import { db } from '#lib/kernel/db.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { POST as change } from './changes/route.ts';

let organizationId: string;
let headers: Record<string, string>;
let adopted: Adopted[];
let policyId: string;
beforeAll(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
  adopted = [];
  for (const name of ['shop', 'billing', 'reports'])
    adopted.push(await adopt({ target: NOWHERE, login: { user: name, password: generatePassword() }, organizationId }));
  ({ id: policyId } = await db.policy.create({ data: { id: 'pol_1', organizationId, name: 'Monthly', maxAgeDays: 30, timeZone: 'UTC' } }));
});
beforeEach(() => db.projectTag.deleteMany({ where: { organizationId } }));

const send = (body: object) => call(change, { method: 'POST', body, headers });
const idsOf = (logins: Adopted[]) => logins.map(({ projectId }) => projectId);
const recorded = (action: string) => db.auditEvent.count({ where: { organizationId, action } });

it('assigns a policy to all that are selected, once each', async () => {
  const project_ids = idsOf(adopted.slice(0, 2));
  expect(await send({ project_ids, policy_id: policyId })).toMatchObject({ status: 200, body: { projects: 2, changed: 2 } });
  const rows = await db.database.findMany({
    where: { organizationId },
    orderBy: { roleName: 'asc' },
    select: { roleName: true, chosenPolicyId: true, policyId: true },
  });
  expect(rows).toEqual([
    { roleName: 'billing', chosenPolicyId: policyId, policyId },
    { roleName: 'reports', chosenPolicyId: null, policyId: null },
    { roleName: 'shop', chosenPolicyId: policyId, policyId },
  ]);
  // Again: nothing changes and nothing is recorded.
  expect((await send({ project_ids, policy_id: policyId })).body).toEqual({ projects: 2, changed: 0 });
  expect(await recorded('project.policy_assigned')).toBe(2);
  expect((await send({ filter: {}, policy_id: null })).body).toEqual({ projects: 3, changed: 2 });
});

it('adds tags to those that match, and keeps their other tags', async () => {
  const [shop] = adopted as [Adopted];
  const tag = (key: string, value: string) => db.projectTag.create({ data: { organizationId, projectId: shop.projectId, key, value } });
  await Promise.all([tag('env', 'staging'), tag('pair', 'a')]);
  const before = await recorded('project.updated');
  expect((await send({ filter: { q: 'shop' }, tags: { env: 'production', team: 'shop' } })).body).toEqual({ projects: 1, changed: 1 });
  const tags = await db.projectTag.findMany({ where: { organizationId }, orderBy: { key: 'asc' }, select: { projectId: true, key: true, value: true } });
  expect(tags).toEqual(Object.entries({ env: 'production', pair: 'a', team: 'shop' }).map(([key, value]) => ({ projectId: shop.projectId, key, value })));
  expect((await recorded('project.updated')) - before).toBe(1);
});

it.each([
  ['policy_id', { filter: {} }],
  ['policy_id', { filter: {}, policy_id: 'pol_none' }],
  ['policy_id', { filter: {}, policy_id: 'pol_none', tags: { team: 'x' } }],
  ['project_ids', { policy_id: null }],
  ['project_ids', { project_ids: ['prj_none'], policy_id: null }],
  ['tags.Team Shop', { filter: {}, tags: { 'Team Shop': 'x' } }],
])('refuses a wrong %s, and changes nothing: %j', async (field, body) => {
  const { status, body: answer } = await send(body);
  expect({ status, fields: Object.keys(answer.errors ?? {}) }).toEqual({ status: 422, fields: [field] });
  expect(await db.projectTag.count({ where: { organizationId } })).toBe(0);
});

it('refuses more than 50 tags on a project, and changes none', async () => {
  const [shop] = adopted as [Adopted];
  await db.projectTag.createMany({ data: Array.from({ length: 50 }, (_, i) => ({ organizationId, projectId: shop.projectId, key: `k${i}`, value: 'v' })) });
  expect(await send({ filter: {}, tags: { team: 'shop' } })).toMatchObject({ status: 422, body: { errors: { tags: [expect.any(String)] } } });
  expect(await db.projectTag.count({ where: { organizationId, key: 'team' } })).toBe(0);
});

itRecords('project.policy_assigned (change-projects)', 'project.updated (change-projects)');
