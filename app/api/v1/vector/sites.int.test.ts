import { beforeEach, describe, expect, it } from 'vitest';
import { DELETE as deleteProject } from '#app/api/v1/projects/[projectId]/route.ts';
import { db } from '#lib/kernel/db.ts';
import { type Answer, call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import * as environment from './environments/[environmentId]/route.ts';
import { GET as allEnvironments } from './environments/route.ts';
import * as siteEnvironment from './sites/[siteId]/environments/[environmentId]/route.ts';
import * as siteEnvironments from './sites/[siteId]/environments/route.ts';
import * as site from './sites/[siteId]/route.ts';
import * as sites from './sites/route.ts';

const CANARY = 'p4ss-of-the-site';
const urlOf = (role: string, port = 1) => `postgres://${role}:${CANARY}@127.0.0.1:${port}/shop`;

let organizationId: string;
let headers: Record<string, string>;
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await memberHeaders(organizationId, 'owner');
});

type Handler = typeof sites.GET;
const send = (handler: Handler, method: string, params: Record<string, string> = {}, body: unknown = {}): Promise<Answer> =>
  call(handler, { method, headers, params, ...(method !== 'GET' && { body }) });
const create = (more: object = {}) => send(sites.POST, 'POST', {}, { partner_customer_id: 'cust_1', database: { connection_url: urlOf('dev') }, ...more });
const createEnvironment = (siteId: string, more: object = {}) =>
  send(siteEnvironments.POST, 'POST', { siteId }, { name: 'production', is_production: true, database: { connection_url: urlOf('prod') }, ...more });
const audited = async () => (await db.auditEvent.findMany({ where: { organizationId }, orderBy: { createdAt: 'asc' } })).map(({ action }) => action);

describe('sites', () => {
  it('are adopted with the id they have elsewhere, shown, changed and forgotten', async () => {
    const made = await create({ id: 12345, tags: ['wp'], dev_php_version: '8.3', wp_config_path: '/srv/nb/wp-config.php' });
    expect(made).toMatchObject({ status: 201, body: { message: 'Site created successfully', http_status: 201 } });
    expect(made.body.data).toMatchObject({
      id: '12345',
      partner_customer_id: 'cust_1',
      status: 'verifying',
      tags: ['wp'],
      dev_php_version: '8.3',
      dev_domain: null,
      dev_db_host: '127.0.0.1',
      dev_db_name: 'shop',
      dev_db_username: 'dev',
      db_host: '127.0.0.1',
      db_port: 1,
      db_name: 'shop',
      db_username: 'dev',
      environments: [],
      wp_config_path: '/srv/nb/wp-config.php',
      current: { version: 1, proven_at: null },
    });
    const row = await db.site.findFirstOrThrow({ where: { organizationId } });
    const byOurs = await send(site.GET, 'GET', { siteId: row.id });
    expect(byOurs.body.data).toEqual(made.body.data);
    expect(await db.job.count({ where: { projectId: row.projectId, type: 'verify_connection', state: 'queued' } })).toBe(1);

    const changed = await send(site.PUT, 'PUT', { siteId: '12345' }, { tags: [], partner_customer_id: 'cust_2' });
    expect(changed).toMatchObject({ status: 200, body: { data: { tags: [], partner_customer_id: 'cust_2', dev_php_version: '8.3' } } });
    expect((await send(sites.GET, 'GET')).body).toMatchObject({ data: [{ id: '12345' }], meta: { total: 1 } });

    // It belongs to the site: the other dialect does not take it away.
    expect((await send(deleteProject as Handler, 'DELETE', { projectId: row.projectId })).status).toBe(409);
    expect(await send(site.DELETE, 'DELETE', { siteId: '12345' })).toMatchObject({ status: 200, body: { data: {}, http_status: 200 } });
    expect((await send(site.GET, 'GET', { siteId: '12345' })).status).toBe(404);
    expect(await db.database.count({ where: { organizationId } })).toBe(0);
    expect(await audited()).toEqual(['project.adopted', 'site.adopted', 'site.updated', 'site.forgotten', 'project.forgotten']);
  });

  it('give their password to a key that may read credentials, and the audit log tells', async () => {
    const { id } = (await create()).body.data;
    expect(JSON.stringify(await send(site.GET, 'GET', { siteId: id }))).not.toContain(CANARY);
    headers = await keyHeaders(organizationId, { scopes: ['projects:read'] });
    expect(JSON.stringify(await send(site.GET, 'GET', { siteId: id }))).not.toContain(CANARY);
    expect(await audited()).not.toContain('project.connection_viewed');
    headers = await keyHeaders(organizationId, { scopes: ['projects:read', 'credentials:read'] });
    expect((await send(site.GET, 'GET', { siteId: id })).body.data.db_password).toBe(CANARY);
    expect((await send(sites.GET, 'GET')).body.data[0].db_password).toBe(CANARY);
    expect((await audited()).filter((action) => action === 'project.connection_viewed')).toHaveLength(2);
  });

  it.each([
    ['no database', { database: undefined }, 'database'],
    ['a URL that is none', { database: { connection_url: 'shop' } }, 'database.connection_url'],
    ['a rotator elsewhere', { database: { connection_url: urlOf('dev'), rotator_url: 'postgres://r:r@127.0.0.1:2/x' } }, 'database.rotator_url'],
    ['no customer', { partner_customer_id: ' ' }, 'partner_customer_id'],
    ['an id with other signs', { id: 'a/b' }, 'id'],
    ['a config file of another name', { wp_config_path: '/etc/passwd' }, 'wp_config_path'],
    ['a config file somewhere relative', { wp_config_path: '/srv/../etc/wp-config.php' }, 'wp_config_path'],
  ])('are refused with %s', async (_, body, field) => {
    const answer = await create(body);
    expect(answer).toMatchObject({ status: 422, body: { message: 'Validation failed', errors: { [field]: [expect.any(String)] } } });
    expect(JSON.stringify(answer.body)).not.toContain(CANARY);
    expect(await db.project.count({ where: { organizationId } })).toBe(0);
  });

  it('do not take an id or a login that another one has', async () => {
    await create({ id: 'a' });
    expect(await create({ id: 'a', database: { connection_url: urlOf('other') } })).toMatchObject({
      status: 422,
      body: { errors: { id: [expect.any(String)] } },
    });
    expect(await create()).toMatchObject({
      status: 422,
      body: { errors: { 'database.connection_url': [expect.stringContaining('separate login for each')] } },
    });
    const { id: internal } = await db.site.findFirstOrThrow({ where: { organizationId } });
    expect(await create({ id: internal, database: { connection_url: urlOf('other') } })).toMatchObject({
      status: 422,
      body: { errors: { id: [expect.any(String)] } },
    });
    expect(await db.site.count({ where: { organizationId } })).toBe(1);
  });
});

describe('the list of sites', () => {
  const list = async (query: string) => (await call(sites.GET, { headers, path: `/api/v1/vector/sites${query}` })).body;
  const customers = async (query: string) => (await list(query)).data.map((site: { partner_customer_id: string }) => site.partner_customer_id);
  beforeEach(async () => {
    // Two of one name: the id decides between them. The long one makes a long cursor.
    for (const [at, name] of ['b', 'a', 'b', 'ä'.repeat(200), 'c'].entries())
      await create({ partner_customer_id: name, tags: at === 0 ? ['wp', 'env=production'] : [], database: { connection_url: urlOf(`r${at}`) } });
  });

  it('goes on by cursor, each site once, in every order, and is what it was without limit', async () => {
    const plain = await list('');
    expect(plain).toMatchObject({ meta: { current_page: 1, from: 1, to: 5, per_page: 15, total: 5, last_page: 1 }, links: { next: null } });
    expect(plain).not.toHaveProperty('next_cursor');
    expect(await list('?per_page=2')).toMatchObject({ next_cursor: expect.any(String), links: { next: expect.stringContaining('page=2') } });
    for (const sort of ['', '&sort=created_at', '&sort=updated_at&direction=asc', '&sort=status', '&sort=partner_customer_id&direction=desc']) {
      const ids: string[] = [];
      for (let query: string | null = `?limit=2${sort}`; query !== null; ) {
        const { data, links, meta, next_cursor: cursor } = await list(query);
        expect(meta).toMatchObject({ total: 5, per_page: 2 });
        ids.push(...data.map(({ id }: { id: string }) => id));
        expect(ids.length).toBeLessThanOrEqual(5);
        query = links.next === null ? null : new URL(links.next).search;
        expect(query === null ? undefined : new URLSearchParams(query).get('cursor')).toBe(cursor);
      }
      expect(ids).toEqual((await list(`?per_page=100${sort}`)).data.map(({ id }: { id: string }) => id));
    }
  });

  it('goes on after a site that was forgotten meanwhile', async () => {
    const { data, next_cursor: cursor } = await list('?limit=2');
    expect((await send(site.DELETE, 'DELETE', { siteId: data[1].id })).status).toBe(200);
    expect(await customers(`?limit=2&cursor=${cursor}`)).toEqual(['b', 'c']);
  });

  it('refuses a cursor of another order, and a page with a cursor', async () => {
    const { next_cursor: cursor } = await list('?limit=2');
    expect(await list(`?limit=2&sort=created_at&cursor=${cursor}`)).toMatchObject({ http_status: 422, errors: { cursor: [expect.any(String)] } });
    expect(await list('?cursor=nonsense')).toMatchObject({ http_status: 422, errors: { cursor: [expect.any(String)] } });
    expect(await list(`?page=2&cursor=${cursor}`)).toMatchObject({ http_status: 422, errors: { page: [expect.any(String)] } });
  });

  it('filters by text, status, tag, policy and overdue', async () => {
    const login = await db.database.findFirstOrThrow({ where: { organizationId, roleName: 'r1' } });
    const policy = await db.policy.create({ data: { id: 'pol_a', organizationId, name: 'Quarterly', maxAgeDays: 90, timeZone: 'UTC' } });
    await db.database.update({
      where: { id: login.id },
      data: { policyId: policy.id, policySource: 'default', dueAt: new Date('2026-01-01'), state: 'ready' },
    });
    await db.projectTag.create({
      data: { organizationId, projectId: (await db.project.findFirstOrThrow({ where: { databaseId: login.id } })).id, key: 'team', value: 'a=b' },
    });
    expect(await customers('?search=B&limit=1')).toEqual(['b']);
    expect(await customers('?search=%25')).toEqual([]);
    expect([await customers('?status=active'), await customers('?status=terminated')]).toEqual([['a'], []]);
    expect([await customers('?tag=wp'), await customers('?tag=env%3Dproduction'), await customers('?tag=team%3Da%3Db')]).toEqual([['b'], ['b'], ['a']]);
    expect([await customers(`?policy=${policy.id}`), (await customers('?policy=none')).length]).toEqual([['a'], 4]);
    expect([await customers('?overdue=true'), (await customers('?overdue=false')).length]).toEqual([['a'], 4]);
  });

  it('counts the databases of environments when it filters by policy', async () => {
    const [{ id }] = (await list('?search=c')).data;
    await createEnvironment(id);
    await db.policy.create({ data: { id: 'pol_b', organizationId, name: 'Monthly', maxAgeDays: 30, timeZone: 'UTC' } });
    await db.database.updateMany({ where: { organizationId, roleName: 'prod' }, data: { policyId: 'pol_b', policySource: 'default' } });
    expect(await customers('?policy=pol_b')).toEqual(['c']);
  });
});

describe('environments', () => {
  it('and their projects are called after the site, and one called production is production', async () => {
    const names = async () => (await db.project.findMany({ where: { organizationId }, orderBy: { createdAt: 'asc' } })).map(({ name }) => name);
    await create({ id: '12345', dev_domain: 'bakery.example.com' });
    const database = (role: string) => ({ connection_url: urlOf(role) });
    expect((await send(siteEnvironments.POST, 'POST', { siteId: '12345' }, { name: 'Production', database: database('prod') })).body.data).toMatchObject({
      is_production: true,
      cannot_rotate: null,
    });
    const staging = await send(siteEnvironments.POST, 'POST', { siteId: '12345' }, { name: 'Staging' });
    expect(staging.body.data).toMatchObject({ is_production: false });
    await send(environment.PUT, 'PUT', { environmentId: staging.body.data.id }, { database: database('stage') });
    expect(await names()).toEqual(['bakery.example.com development', 'bakery.example.com Production', 'bakery.example.com Staging']);

    await db.project.updateMany({ where: { organizationId, name: 'bakery.example.com Production' }, data: { name: 'till' } });
    await send(site.PUT, 'PUT', { siteId: '12345' }, { dev_domain: null });
    await send(environment.PUT, 'PUT', { environmentId: staging.body.data.id }, { name: 'Preview' });
    expect(await names()).toEqual(['cust_1 development', 'till', 'cust_1 Preview']);
  });

  it('are added, shown at both addresses, changed and forgotten', async () => {
    await create({ id: '12345' });
    const made = await createEnvironment('12345', { id: '67890', deploy_hook_url: 'https://deploy.example.com/h?token=abc' });
    expect(made.status).toBe(201);
    const { deploy_hook_secret: secret, ...shown } = made.body.data;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(shown).toMatchObject({
      id: '67890',
      vector_site_id: '12345',
      name: 'production',
      is_production: true,
      status: 'verifying',
      database_host: '127.0.0.1',
      database_name: 'shop',
      database_user: 'prod',
      deploy_hook_host: 'deploy.example.com',
      current: { version: 1 },
      retiring: null,
    });
    const at = { siteId: '12345', environmentId: '67890' };
    expect((await send(siteEnvironment.GET, 'GET', at)).body.data).toEqual(shown);
    expect((await send(environment.GET, 'GET', { environmentId: '67890' })).body.data).toEqual(shown);
    expect((await send(site.GET, 'GET', { siteId: '12345' })).body.data.environments).toEqual([shown]);
    for (const list of [await send(allEnvironments, 'GET'), await send(siteEnvironments.GET, 'GET', { siteId: '12345' })])
      expect(list.body).toMatchObject({ data: [shown], meta: { total: 1 } });

    const changed = await send(siteEnvironment.PUT, 'PUT', at, { name: 'live', deploy_hook_url: 'https://other.example.com/' });
    expect(changed.body.data).toMatchObject({ name: 'live', is_production: true, deploy_hook_host: 'other.example.com' });
    expect(changed.body.data.deploy_hook_secret).not.toBe(secret);
    expect((await send(environment.PUT, 'PUT', at, { deploy_hook_url: null })).body.data).toMatchObject({ deploy_hook_host: null });
    const stored = JSON.stringify([await db.siteEnvironment.findMany(), await db.auditEvent.findMany({ where: { organizationId } })]);
    expect(stored).not.toContain(secret.slice(6));
    expect(stored).not.toContain(CANARY);

    expect((await send(environment.DELETE, 'DELETE', { environmentId: '67890' })).status).toBe(200);
    expect((await send(siteEnvironments.GET, 'GET', { siteId: '12345' })).body.data).toEqual([]);
    expect(await db.database.count({ where: { organizationId } })).toBe(1);
  });

  it('may get their database later, once', async () => {
    const { id: siteId } = (await create()).body.data;
    const { id: environmentId, ...bare } = (await createEnvironment(siteId, { database: undefined, name: 'staging' })).body.data;
    expect(bare).toMatchObject({ status: 'no_database', database_host: null, current: null });
    const database = { connection_url: urlOf('staging') };
    expect((await send(environment.PUT, 'PUT', { environmentId }, { database })).body.data).toMatchObject({ status: 'verifying', database_user: 'staging' });
    expect((await send(environment.PUT, 'PUT', { environmentId }, { database })).status).toBe(409);
  });

  it.each([
    ['the login of the development database', { database: { connection_url: urlOf('dev') } }, 'database.connection_url'],
    ['a hook that is no address', { deploy_hook_url: 'deploy' }, 'deploy_hook_url'],
    ['a hook with a login', { deploy_hook_url: 'https://u:p@deploy.example.com/' }, 'deploy_hook_url'],
    ['a hook over plain http', { deploy_hook_url: 'http://deploy.example.com/h' }, 'deploy_hook_url'],
    ['the name of another', { name: 'first' }, 'name'],
  ])('are refused with %s', async (_, body, field) => {
    const { id } = (await create()).body.data;
    await createEnvironment(id, { name: 'first', database: undefined });
    expect(await createEnvironment(id, body)).toMatchObject({ status: 422, body: { errors: { [field]: [expect.any(String)] } } });
  });

  it('do not take the internal id of another one', async () => {
    const { id: siteId } = (await create()).body.data;
    await createEnvironment(siteId, { id: 'first', name: 'first', database: undefined });
    const { id: internal } = await db.siteEnvironment.findFirstOrThrow({ where: { organizationId } });
    const answer = await createEnvironment(siteId, { id: internal, name: 'second', database: undefined });
    expect(answer).toMatchObject({ status: 422, body: { errors: { id: [expect.any(String)] } } });
    expect((await send(environment.PUT, 'PUT', { environmentId: 'first' }, { deploy_hook_url: 'http://deploy.example.com/h' })).body.errors).toMatchObject({
      deploy_hook_url: [expect.stringContaining('REKEY_HTTP_HOOK_HOSTS=deploy.example.com')],
    });
  });

  it('are found under their own site alone', async () => {
    const { id: siteId } = (await create()).body.data;
    const { id: environmentId } = (await createEnvironment(siteId)).body.data;
    const other = (await create({ database: { connection_url: urlOf('other') } })).body.data.id;
    expect((await send(siteEnvironment.GET, 'GET', { siteId: other, environmentId })).status).toBe(404);
  });
});

it('another organization’s are not known, and a key for one project reaches none', async () => {
  const { id: siteId } = (await create()).body.data;
  const { id: environmentId } = (await createEnvironment(siteId)).body.data;
  const { projectId } = await db.site.findFirstOrThrow({ where: { organizationId } });
  const all = async () =>
    Promise.all([
      send(site.GET, 'GET', { siteId }),
      send(site.PUT, 'PUT', { siteId }, { tags: [] }),
      send(site.DELETE, 'DELETE', { siteId }),
      createEnvironment(siteId, { name: 'x', database: undefined }),
      send(environment.GET, 'GET', { environmentId }),
      send(environment.PUT, 'PUT', { environmentId }, { name: 'y' }),
      send(environment.DELETE, 'DELETE', { environmentId }),
    ]);
  headers = await keyHeaders(organizationId, { projectId });
  expect((await all()).map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403]);
  headers = await keyHeaders(await makeOrganization());
  expect((await all()).map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404, 404]);
  expect((await send(sites.GET, 'GET')).body.data).toEqual([]);
});

itRecords('site.adopted', 'site.updated', 'site.forgotten', 'environment.created', 'environment.updated', 'environment.deleted');
