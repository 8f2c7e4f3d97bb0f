// Every route x every role x own or another organization x session, key or nobody. Handlers are called as Next calls
// them, without proxy.ts: nothing here could be saved by it (CVE-2025-29927).
import { beforeAll, describe, expect, it } from 'vitest';
import { GET as live } from '#app/api/v1/live/route.ts';
import type { MemberRole } from '#generated/prisma/enums.ts';
import { RIGHTS, type Right } from '#lib/access/rights.ts';
import { SCOPES } from '#lib/contract/scopes.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { type Route, readRoutes } from '#scripts/openapi/read-routes.ts';
import { call, from, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';

const ROLES: MemberRole[] = ['owner', 'admin', 'operator', 'viewer'];

const all = await readRoutes();
const routes = all.flatMap((route) => {
  const { access } = route.description;
  return access === null ? [] : [{ ...route, access, name: `${route.method} ${route.path}` }];
});
const postTo = (end: string) => routes.find(({ method, path }) => method === 'POST' && path === `/api/v1${end}`)?.handler as Route['handler'];

const database = { connection_url: 'postgres://app:p@127.0.0.1:1/d' };
const ownDatabase = { connection_url: 'postgres://own:p@127.0.0.1:2/d' };
const otherDatabase = { connection_url: 'postgres://other:p@127.0.0.1:2/d' };
/** A good body, where an empty one is refused before the address is looked at. */
const BODIES: Record<string, object> = {
  'PATCH /api/v1/organizations/{organizationId}/members/{memberId}': { role: 'viewer' },
  'PUT /api/v1/projects/{projectId}/policy': { policy_id: null },
  'PUT /api/v1/me/notifications': { kinds: ['drift'], night_kinds: [], time_zone: null, tag: null },
  'POST /api/v1/projects/{projectId}/consumers': { name: 'CI', kind: 'ci_secret' },
  'POST /api/v1/projects/{projectId}/integrations/{provider}/places': { token: 't' },
  'POST /api/v1/projects/{projectId}/integrations': { provider: 'vercel', token: 't', external_id: 'prj_1' },
  'POST /api/v1/projects/{projectId}/integrations/vercel/connect': { token: 't', vercel_project_id: 'prj_1' },
  'POST /api/v1/projects/{projectId}/integrations/netlify/connect': { token: 't', site_id: '1' },
  'POST /api/v1/projects/{projectId}/integrations/github/connect': { token: 't', repository: 'acme/shop' },
  'POST /api/v1/vector/sites/{siteId}/environments': { name: 'another', database },
  'POST /api/v1/vector/environments/{environmentId}/secrets': { key: 'NAME', value: 'v' },
  'POST /api/v1/vector/sites/{siteId}/environments/{environmentId}/secrets': { key: 'NAME', value: 'v' },
  'POST /api/v1/imports': { format: 'csv', content: 'name,url\nShop,postgres://imported:p@127.0.0.1:1/d' },
  'POST /api/v1/imports/servers/{serverId}/take-over': { accounts: ['app'], confirm: 'take over 1' },
  'POST /api/v1/imports/dry-run': { format: 'csv', content: 'name,url\nShop,postgres://imported:p@127.0.0.1:1/d' },
  'POST /api/v1/projects/{projectId}/server-keys': { endpoint: 'direct', fingerprint: '0'.repeat(64) },
  'PUT /api/v1/vector/secrets/{secretId}': { value: 'v' },
  'PUT /api/v1/vector/global-secrets/{secretId}': { value: 'v' },
  'PUT /api/v1/vector/account/secrets/{secretId}': { value: 'v' },
};

let ours: string;
/** Projects of ours: the one that the restricted member was granted, and another. */
let inReach: string;
let outOfReach: string;
/** All that belongs to that other project. */
const outside = () =>
  db.project.findUniqueOrThrow({
    where: { id: outOfReach },
    include: { consumers: true, integrations: true, database: { include: { server: true, credentials: true, rotations: true, jobs: true } } },
  });
let outsideBefore: Awaited<ReturnType<typeof outside>>;
/** Real ids of another organization, by the name of the parameter. */
let theirs: Record<string, string>;
/** More of theirs, each in a state that a handler may look at before it asks whose it is: by parameter, id by what it is. */
let more: Record<string, Record<string, string>>;

beforeAll(async () => {
  ours = await makeOrganization();
  const organizationId = await makeOrganization();
  const headers = await keyHeaders(organizationId);
  const make = async (end: string, params: Record<string, string>, body: object) =>
    (await call(postTo(end), { method: 'POST', headers, params: { organizationId, ...params }, body })).body;

  const { project, job } = await make('/projects', {}, { name: 'Theirs', ...database });
  const { consumer } = await make('/projects/{projectId}/consumers', { projectId: project.id }, { name: 'CI', kind: 'ci_secret' });
  const { webhook_endpoint: endpoint } = await make('/organizations/{organizationId}/webhook-endpoints', {}, { url: 'https://hooks.example.com/' });
  const { delivery } = await make('/organizations/{organizationId}/webhook-endpoints/{endpointId}/test', { endpointId: endpoint.id }, {});
  const site = (await make('/vector/sites', {}, { id: 'their-site', partner_customer_id: 'c', database: { connection_url: 'postgres://dev:p@127.0.0.1:1/d' } }))
    .data;
  const environment = (
    await make(
      '/vector/sites/{siteId}/environments',
      { siteId: site.id },
      { id: 'their-environment', name: 'production', deploy_hook_url: 'https://deploy.example.com/' },
    )
  ).data;
  const secret = (await make('/vector/environments/{environmentId}/secrets', { environmentId: environment.id }, { key: 'NAME', value: 'v' })).data;
  const { invitation } = await make('/organizations/{organizationId}/invitations', {}, { email: 'theirs@example.com', role: 'viewer' });
  const memberId = newId('usr');
  await memberHeaders(organizationId, 'viewer', { userId: memberId });
  const { policy } = await make('/organizations/{organizationId}/policies', {}, { name: 'Monthly', max_age_days: 30 });
  const campaignId = newId('cmp');
  await db.campaign.create({
    data: {
      id: campaignId,
      organizationId,
      name: 'Theirs',
      selection: {},
      canary: 0,
      waves: [],
      atOnce: 1,
      atOncePerServer: 1,
      startedBy: 'owner@example.com',
    },
  });
  const file = { format: 'csv', content: 'name,url\nTheirs too,postgres://import:p@127.0.0.1:1/d' };
  const { import: theirImport } = await make('/imports', {}, file);
  const { import: canceled } = await make('/imports', {}, file);
  await make('/imports/{importId}/cancel', { importId: canceled.id }, {});
  const departureId = newId('dep');
  await db.departure.create({ data: { id: departureId, organizationId, userId: newId('usr'), email: 'gone@example.com', removedBy: 'owner@example.com' } });
  const { id: keyId } = await db.apiKey.findFirstOrThrow({ where: { organizationId } });
  const { id: eventId } = await db.auditEvent.findFirstOrThrow({ where: { organizationId } });
  theirs = {
    organizationId,
    projectId: project.id,
    jobId: job.id,
    consumerId: consumer.id,
    endpointId: endpoint.id,
    deliveryId: delivery.id,
    siteId: site.id,
    environmentId: environment.id,
    secretId: secret.id,
    keyId,
    eventId,
    memberId,
    departureId,
    invitationId: invitation.id,
    policyId: policy.id,
    campaignId,
    importId: theirImport.id,
    serverId: (await db.server.findFirstOrThrow({ where: { organizationId } })).id,
  };
  const siteRow = await db.site.findFirstOrThrow({ where: { organizationId } });
  const environmentRow = await db.siteEnvironment.findFirstOrThrow({ where: { organizationId } });
  const staging = { name: 'staging', database: { connection_url: 'postgres://staging:p@127.0.0.1:1/d' } };
  await make('/vector/sites/{siteId}/environments', { siteId: site.id }, staging);
  const withDatabase = await db.siteEnvironment.findFirstOrThrow({ where: { organizationId, name: 'staging' } });
  const deployment = (await make('/vector/environments/{environmentId}/deployments', { environmentId: environment.id }, {})).data;
  const globalSecret = (await make('/vector/global-secrets', {}, { key: 'ALL', value: 'v' })).data;
  theirs.deploymentId = deployment.id;
  const { project: doubted } = await make('/projects', {}, { name: 'Doubted', connection_url: 'postgres://doubted:p@127.0.0.1:1/d' });
  await db.database.updateMany({ where: { projects: { some: { id: doubted.id } } }, data: { state: 'needs_attention' } });
  await db.webhookEndpoint.create({
    data: {
      id: newId('whe'),
      organizationId,
      url: 'https://gone.example.com/',
      receiver: 'gone.example.com',
      eventTypes: ['*'],
      secretSealed: 'none',
      isActive: false,
    },
  });
  const disabled = await db.webhookEndpoint.findFirstOrThrow({ where: { organizationId, isActive: false } });
  const revoked = newId('key');
  await db.apiKey.create({
    data: { id: revoked, organizationId, name: 'old', source: 'test', keyPrefix: 'rk', keyHash: revoked, scopes: [], revokedAt: new Date() },
  });
  more = {
    projectId: {
      'a project of a site': siteRow.projectId,
      'a project of an environment': withDatabase.projectId ?? '',
      'a project that needs attention': doubted.id,
    },
    siteId: { 'a site by the id of its platform': 'their-site', 'a site by its own id': siteRow.id },
    environmentId: {
      'an environment by the id of its platform': 'their-environment',
      'an environment by its own id': environmentRow.id,
      'an environment with a database': withDatabase.id,
    },
    endpointId: { 'a disabled endpoint': disabled.id },
    keyId: { 'a revoked key': revoked },
    secretId: { 'a global secret': globalSecret.id },
    importId: { 'a canceled import': canceled.id },
    jobId: { 'the job of a deployment': deployment.job_id ?? newId('job') },
  };
  inReach = (await call(postTo('/projects'), { method: 'POST', headers: await keyHeaders(ours), body: { name: 'Ours', ...ownDatabase } })).body.project.id;
  outOfReach = (await call(postTo('/projects'), { method: 'POST', headers: await keyHeaders(ours), body: { name: 'Another', ...otherDatabase } })).body.project
    .id;
  outsideBefore = await outside();
  expect(Object.values(theirs).every(Boolean)).toBe(true);
});

const namesIn = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
/** Ids that exist nowhere: who may pass is told 404 or 422, who may not 403. */
const nowhere = (path: string) =>
  Object.fromEntries(namesIn(path).map((name) => [name, name === 'organizationId' ? ours : name === 'provider' ? 'vercel' : newId('prj')]));
const sent = (method: string, body: object = {}) => ({ method, ...(method !== 'GET' && { body }) });

describe.each(routes)('$name', ({ access, handler, method, path, name }) => {
  const right: Right = RIGHTS[access];

  it('is for nobody who is not signed in', async () => {
    // From an address of its own: strangers are limited by theirs.
    const index = routes.findIndex((route) => route.name === name);
    const headers = from(`10.0.${index >> 8}.${index & 255}`);
    expect((await call(handler, { ...sent(method), params: nowhere(path), headers })).status).toBe(401);
  });

  it.each(ROLES)('lets in or turns away the %s', async (role) => {
    const { status, body } = await call(handler, { ...sent(method), params: nowhere(path), headers: await memberHeaders(ours, role) });
    const mayPass = right.roles.includes(role);
    expect(status === 403).toBe(!mayPass);
    if (!mayPass) expect(body.detail).toContain(`yours is ${role}`);
    expect(status).toBeLessThan(500);
  });

  it('keeps a restricted member to their projects', async () => {
    const headers = await memberHeaders(ours, 'admin', { projectIds: [inReach] });
    const hasProject = namesIn(path).includes('projectId');
    const { status, body } = await call(handler, { ...sent(method, BODIES[name]), params: { ...nowhere(path), projectId: outOfReach }, headers });
    // What is for owners alone is refused before that: an owner is not restricted.
    const why = (right.roles as readonly string[]).includes('admin') ? 'restricted' : 'yours is admin';
    if (!right.isOpenToLimited) expect({ status, body }).toMatchObject({ status: 403, body: { detail: expect.stringContaining(why) } });
    else if (hasProject) expect({ status, body }).toMatchObject({ status: 404, body: { detail: 'There is no such project.' } });
    else expect([200, 201, 204, 400, 404, 409, 422]).toContain(status);
  });

  it('keeps a key limited to one project to it', async () => {
    const headers = await keyHeaders(ours, { projectId: inReach });
    const { status, body } = await call(handler, { ...sent(method, BODIES[name]), params: { ...nowhere(path), projectId: outOfReach }, headers });
    if (right.isForPeople) expect(status).toBe(403);
    else if (!right.isOpenToLimited)
      expect({ status, body }).toMatchObject({ status: 403, body: { detail: expect.stringContaining('limited to one project') } });
    else if (namesIn(path).includes('projectId')) expect({ status, body }).toMatchObject({ status: 404, body: { detail: 'There is no such project.' } });
    else if (namesIn(path).includes('jobId')) expect(status).toBe(404);
    else expect(method).toBe('GET');
  });

  it('asks for the password where it was given too long ago, or does not', async () => {
    const [role = 'owner'] = right.roles;
    const headers = await memberHeaders(ours, role, { isStale: true });
    const { status, body } = await call(handler, { ...sent(method), params: nowhere(path), headers });
    expect(status === 403 && body.code === 'reauthentication_required').toBe(right.needsFreshSession ?? false);
  });

  it('lets in keys by their scope alone', async () => {
    const { status } = await call(handler, { ...sent(method), params: nowhere(path), headers: await keyHeaders(ours) });
    expect(status === 403).toBe(right.isForPeople ?? false);
    expect(status).toBeLessThan(500);
    if (right.scope === null) return;
    const allBut = await keyHeaders(ours, { scopes: SCOPES.filter((scope) => scope !== right.scope) });
    const refused = await call(handler, { ...sent(method), params: nowhere(path), headers: allBut });
    expect(refused).toMatchObject({ status: 403, body: { detail: expect.stringContaining(right.scope) } });
  });
});

describe.each(routes.filter(({ path }) => namesIn(path).some((name) => name !== 'provider')))('$name', ({ access, handler, method, path, name }) => {
  it('does not know another organization’s', async () => {
    // Under our own address where only what stands there is theirs, under theirs where nothing else is.
    const names = namesIn(path).filter((one) => one !== 'provider');
    const params = { ...nowhere(path), ...Object.fromEntries(names.map((one) => [one, theirs[one] ?? newId('prj')])) };
    if (names.length > 1 && names[0] === 'organizationId') params.organizationId = ours;
    const right: Right = RIGHTS[access];
    for (const headers of [await memberHeaders(ours, 'owner'), ...(right.isForPeople ? [] : [await keyHeaders(ours)])]) {
      const answer = await call(handler, { ...sent(method, BODIES[name]), params, headers });
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });
});

/** What stands for a parameter: theirs, or an id that nothing has. */
const placeholders = (path: string, name: string, id: string) => {
  const names = namesIn(path).filter((one) => one !== 'provider');
  return { ...nowhere(path), ...(names.length > 1 && names[0] === 'organizationId' && { organizationId: ours }), [name]: id };
};

// A foreign id answers exactly like one that does not exist, whatever its state or kind.
describe.each(routes.filter(({ path }) => namesIn(path).some((name) => !['provider', 'organizationId'].includes(name))))(
  '$name',
  ({ access, handler, method, path, name: route }) => {
    it('answers the same for what is another organization’s as for what does not exist', async () => {
      const right: Right = RIGHTS[access];
      const headers = right.isForPeople ? await memberHeaders(ours, 'owner') : await keyHeaders(ours);
      for (const name of namesIn(path))
        for (const [what, id] of Object.entries(more[name] ?? {})) {
          const ask = (of: string) => call(handler, { ...sent(method, BODIES[route]), params: placeholders(path, name, of), headers });
          const [answer, nothing] = [await ask(id), await ask(newId('prj'))];
          const told = ({ status, body }: typeof answer) => ({ what, status, body: { ...body, request_id: null } });
          expect(told(answer)).toEqual(told(nothing));
          expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
        }
    });
  },
);

it('has changed nothing of a project that the restricted member and the limited key do not reach', async () => {
  expect(await outside()).toEqual(outsideBefore);
});

it('has changed nothing of theirs', async () => {
  const { organizationId, keyId } = theirs;
  expect(await db.apiKey.findMany({ where: { organizationId, revokedAt: null } })).toMatchObject([{ id: keyId }]);
  const counts = await Promise.all([
    db.project.count({ where: { organizationId } }),
    db.consumer.count({ where: { organizationId } }),
    db.webhookEndpoint.count({ where: { organizationId } }),
    db.siteEnvironment.count({ where: { organizationId } }),
    db.environmentSecret.count({ where: { organizationId } }),
    db.member.count({ where: { organizationId } }),
    db.invitation.count({ where: { organizationId } }),
    db.policy.count({ where: { organizationId } }),
    db.campaign.count({ where: { organizationId, state: 'running' } }),
    db.importRow.count({ where: { organizationId, state: 'pending' } }),
  ]);
  expect(counts).toEqual([4, 1, 2, 2, 2, 1, 1, 1, 1, 1]);
});

/** The changes that a stale session may make, and why. All others need the password: a new route does, until it stands here. */
const NEEDS_NO_PASSWORD: Record<string, string> = {
  'POST /api/v1/me/confirm': 'asks for the password itself',
  'POST /api/v1/me/password': 'asks for the password itself',
  'POST /api/v1/organizations/{organizationId}/audit-events/verification': 'reads',
  'POST /api/v1/organizations/{organizationId}/policies/preview': 'reads',
  'POST /api/v1/campaigns/preview': 'reads',
  'POST /api/v1/campaigns/{campaignId}/pause': 'begins no rotation, and may be urgent',
  'POST /api/v1/campaigns/{campaignId}/abort': 'begins no rotation, and may be urgent',
  'POST /api/v1/projects/{projectId}/verify': 'tries the login as it is',
  'POST /api/v1/vector/sites/{siteId}/database/verify': 'tries the login as it is',
  'POST /api/v1/vector/environments/{environmentId}/database/verify': 'tries the login as it is',
  'POST /api/v1/vector/sites/{siteId}/environments/{environmentId}/database/verify': 'tries the login as it is',
  'POST /api/v1/projects/{projectId}/integrations/{provider}/check': 'looks at what stands there',
  'POST /api/v1/projects/{projectId}/integrations/{provider}/keep': 'takes note of what stands there, and writes nothing',
  'POST /api/v1/projects/{projectId}/jobs/{jobId}/tasks/{taskId}/done': 'says what a person did',
  'DELETE /api/v1/projects/{projectId}/jobs/{jobId}/tasks/{taskId}/done': 'says what a person did',
};

it('every change needs a fresh session, but for those that move no credential and end none', () => {
  const changes = routes.filter(({ method }) => method !== 'GET');
  const free = changes.filter(({ access }) => !(RIGHTS[access] as Right).needsFreshSession).map(({ name }) => name);
  expect(free.sort()).toEqual(Object.keys(NEEDS_NO_PASSWORD).sort());
  const unscoped = changes.filter(({ access }) => RIGHTS[access].scope === null && !(RIGHTS[access] as Right).isForPeople);
  expect(unscoped).toEqual([]);
});

it('what shows, gives out or changes a password, a key or a token needs a fresh session', () => {
  const fresh = Object.entries(RIGHTS).flatMap(([action, right]: [string, Right]) => (right.needsFreshSession ? [action] : []));
  expect(fresh).toEqual(
    expect.arrayContaining(['credentials.read', 'credentials.rotate', 'sites.reset', 'integrations.manage', 'api-keys.manage', 'webhooks.manage']),
  );
});

it('the live stream is for people', async () => {
  expect((await call(live)).status).toBe(401);
  expect((await call(live, { headers: await keyHeaders(ours) })).status).toBe(403);
});

it('only these ask for no login', () => {
  const open = all.filter(({ description }) => description.access === null).map(({ method, path }) => `${method} ${path}`);
  expect(open.sort()).toEqual([
    'GET /api/v1/join',
    'GET /api/v1/setup',
    'GET /api/v1/status',
    // What is deployed asks with the one-time token that its hook was given.
    'GET /api/v1/vector/deployments/{deploymentId}/variables',
    'POST /api/v1/join',
    'POST /api/v1/setup',
    'POST /api/v1/vector/deployments/{deploymentId}/report',
  ]);
});
