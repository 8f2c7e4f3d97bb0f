import { beforeAll, expect, it } from 'vitest';
import * as logins from '#app/api/v1/campaigns/[campaignId]/logins/route.ts';
import * as pause from '#app/api/v1/campaigns/[campaignId]/pause/route.ts';
import * as one from '#app/api/v1/campaigns/[campaignId]/route.ts';
import * as preview from '#app/api/v1/campaigns/preview/route.ts';
import * as campaigns from '#app/api/v1/campaigns/route.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { db } from '#lib/kernel/db.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { type Call, call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';

let organizationId: string;
let headers: Record<string, string>;
let adopted: Adopted[];
beforeAll(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
  adopted = [];
  for (const name of ['shop', 'billing', 'reports', 'auth'])
    adopted.push(await adopt({ target: NOWHERE, login: { user: name, password: generatePassword() }, organizationId }));
  const [shop, billing] = adopted as [Adopted, Adopted];
  for (const { projectId } of [shop, billing]) await db.projectTag.create({ data: { organizationId, projectId, key: 'team', value: 'shop' } });
  await db.consumer.create({ data: { id: 'con_1', organizationId, projectId: shop.projectId, name: 'CI', kind: 'ci_secret' } });
  // Another project on the login of the shop.
  const { databaseId } = shop;
  await db.project.create({ data: { id: 'prj_second', organizationId, databaseId, databaseName: 'second', name: 'second', slug: 'second' } });
});

type Handler = Parameters<typeof call>[0];
const post = (handler: Handler, body: object, more: Call['headers'] = {}, params: Record<string, string> = {}) =>
  call(handler, { method: 'POST', body, params, headers: { ...headers, ...more } });
const get = (handler: Handler, params: Record<string, string> = {}, query = '') => call(handler, { path: `/api/v1/x${query}`, params, headers });

it('counts what a selection matches, and stores nothing', async () => {
  const { status, body } = await post(preview.POST, { filter: {} });
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { projects: 5, logins: 4, servers: 1, engines: { postgresql: 4, mysql: 0 }, production: 5, consumers: { automatic: 0, manual: 1 }, left_out: 0 },
  });
  expect((await post(preview.POST, { filter: { tag: 'team=shop' } })).body).toMatchObject({ projects: 2, logins: 2 });
  expect((await post(preview.POST, { filter: { q: 'SHOP' } })).body).toMatchObject({ projects: 2, logins: 1 });
  expect((await post(preview.POST, { project_ids: adopted.slice(2).map(({ projectId }) => projectId) })).body).toMatchObject({ projects: 2, logins: 2 });
  expect(await db.campaign.count({ where: { organizationId } })).toBe(0);
});

it('starts once for one Idempotency-Key, over what matches then, and shows it', async () => {
  const body = {
    name: 'CI log leak',
    filter: { tag: 'team=shop' },
    reason: 'compromise',
    note: 'printed in build logs',
    canary: 1,
    waves: [50],
    expected_logins: 2,
  };
  const started = await post(campaigns.POST, body, { 'idempotency-key': 'leak' });
  expect(started).toMatchObject({
    status: 201,
    body: {
      campaign: {
        name: 'CI log leak',
        state: 'running',
        reason: 'compromise',
        canary: 1,
        waves: [50],
        wave: 0,
        last_wave: 1,
        at_once: 24,
        started_by: 'test',
        progress: { total: 2, waiting: 2, rotated: 0 },
      },
    },
  });
  const { id: campaignId } = started.body.campaign;
  expect((await post(campaigns.POST, body, { 'idempotency-key': 'leak' })).body.campaign.id).toBe(campaignId);
  expect(await db.campaign.count({ where: { organizationId } })).toBe(1);
  await db.projectTag.create({ data: { organizationId, projectId: adopted[3]?.projectId ?? '', key: 'team', value: 'shop' } });
  const details = await get(one.GET, { campaignId });
  expect(details.body).toMatchObject({
    campaign: { id: campaignId },
    stages: [
      { wave: 0, total: 1, waiting: 1, marks: 'w', ended_at: null },
      { wave: 1, total: 1, marks: 'w' },
    ],
    servers: [{ running: 0, waiting: 2 }],
    consumers: [],
  });
  const first = await get(logins.GET, { campaignId }, '?limit=1');
  expect(first.body).toMatchObject({ logins: [{ project_name: 'billing', wave: 0, state: 'waiting', job_id: null }], next_cursor: expect.any(String) });
  const second = await get(logins.GET, { campaignId }, `?limit=1&cursor=${first.body.next_cursor}`);
  expect(second.body).toEqual({ logins: [expect.objectContaining({ project_name: 'shop', role_name: 'shop', wave: 1 })] });
  expect((await get(logins.GET, { campaignId }, '?state=failed')).body).toEqual({ logins: [] });
  expect((await get(logins.GET, { campaignId }, '?cursor=nonsense')).status).toBe(422);
  expect((await post(pause.POST, {}, {}, { campaignId })).body.campaign.state).toBe('paused');
});

it('comes in pages, newest first', async () => {
  const names = ['Second', 'Third'];
  for (const name of names) await post(campaigns.POST, { name, filter: { q: 'reports' } });
  await db.campaign.updateMany({ where: { organizationId, name: 'Third' }, data: { state: 'completed' } });
  const first = (await get(campaigns.GET, {}, '?limit=2')).body;
  expect(first.campaigns.map(({ name }: { name: string }) => name)).toEqual(['Third', 'Second']);
  expect((await get(campaigns.GET, {}, `?limit=2&cursor=${first.next_cursor}`)).body.campaigns).toMatchObject([{ name: 'CI log leak' }]);
  expect((await get(campaigns.GET, {}, '?state=ended')).body.campaigns).toMatchObject([{ name: 'Third' }]);
  expect((await get(campaigns.GET, {}, '?state=active')).body.campaigns).toHaveLength(2);
});

it.each([
  ['name', { name: ' ', filter: {} }],
  ['project_ids', {}],
  ['project_ids', { filter: {}, project_ids: ['prj_second'] }],
  ['project_ids', { project_ids: ['prj_none'] }],
  ['project_ids', { project_ids: [] }],
  ['filter', { filter: { q: 'nobody has this name' } }],
  ['filter.tag', { filter: { tag: 'team' } }],
  ['filter.colour', { filter: { colour: 'red' } }],
  ['waves', { filter: {}, waves: [60, 50] }],
  ['waves.0', { filter: {}, waves: [0] }],
  ['canary', { filter: {}, canary: -1 }],
  ['at_once', { filter: {}, at_once: 0 }],
  ['stop_share', { filter: {}, stop_share: 101 }],
  ['reason', { filter: {}, reason: 'because' }],
  ['stop', { filter: {}, stop: 3 }],
])('refuses a campaign whose %s is wrong: %j', async (field, change) => {
  const before = await db.campaign.count({ where: { organizationId } });
  const { status, body } = await post(campaigns.POST, { name: 'Wrong', ...change });
  expect({ status, fields: Object.keys(body.errors ?? {}) }).toEqual({ status: 422, fields: [field] });
  expect(await db.campaign.count({ where: { organizationId } })).toBe(before);
});

it('refuses a selection that is not the one that was confirmed, and projects of another organization', async () => {
  expect(await post(campaigns.POST, { name: 'Grown', filter: {}, expected_logins: 3 })).toMatchObject({ status: 409, body: { code: 'conflict' } });
  const theirs = await adopt({ target: NOWHERE, login: { user: 'theirs', password: generatePassword() } });
  expect(await post(campaigns.POST, { name: 'Theirs', project_ids: [theirs.projectId] })).toMatchObject({ status: 422 });
  expect(await db.campaignLogin.count({ where: { databaseId: theirs.databaseId } })).toBe(0);
});
