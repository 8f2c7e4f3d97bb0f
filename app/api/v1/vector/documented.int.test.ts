// Each call, field, filter and event name that the sites API's documentation and its published clients (the PHP and
// Node SDKs, the CLI) know, as a table: what a client sends is accepted, and what it types is answered as it types it.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { type ServedApi, serveApi } from '#scripts/testing/serve-api.ts';

const port = await vi.hoisted(async () => {
  const { freePort } = await import('#scripts/servers/free-port.ts');
  const free = await freePort();
  process.env.NEXTAUTH_URL = `http://127.0.0.1:${free}`;
  return free;
});

// biome-ignore lint/suspicious/noExplicitAny: a client of the documented API has no types
type Data = any;
interface Answer {
  status: number;
  body: Data;
}

let api: ServedApi;
let authorization: string;
let organizationId: string;

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { authorization, accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return { status: response.status, body: await response.json() };
}
const V = '/api/v1/vector';
const data = async (method: string, path: string, body?: unknown): Promise<Data> => {
  const answer = await ask(method, V + path, body);
  expect(answer.body, `${method} ${path}`).toMatchObject({ http_status: expect.toSatisfy((status: number) => status < 300) });
  return answer.body.data;
};

let siteSeq = 0;
const database = () => ({ connection_url: `postgres://dev${++siteSeq}:p@127.0.0.1:1/shop` });

beforeAll(async () => {
  api = await serveApi(port);
  organizationId = await makeOrganization();
  authorization = (await keyHeaders(organizationId)).authorization;
  await data('POST', '/sites', { id: 12345, partner_customer_id: 'cust_1', dev_php_version: '8.3', tags: ['wordpress'], database: database() });
  await data('POST', '/sites', { id: 777, partner_customer_id: 'other', database: database() });
  await data('POST', '/sites/12345/environments', { id: 67890, name: 'production', php_version: '8.3', is_production: true, database: database() });
  await data('POST', '/sites/777/environments', { id: 888, name: 'staging' });
});
afterAll(() => api.stop());

describe('every body that a documented client sends is accepted', () => {
  it.each<[string, string, string, object, object?]>([
    ['POST', '/sites', 'sites.create', { partner_customer_id: 'c1', dev_php_version: '8.3', tags: ['a'], database: {} }],
    [
      'POST',
      '/sites',
      'sites.create, as later documented',
      {
        your_customer_id: 'c2',
        dev_php_version: '8.4',
        production_domain: 'example.com',
        staging_domain: 's.example.com',
        wp_admin_email: 'a@example.com',
        wp_admin_user: 'a',
        wp_site_title: 'T',
        database: {},
      },
      { partner_customer_id: 'c2', your_customer_id: 'c2' },
    ],
    ['PUT', '/sites/777', 'sites.update', { your_customer_id: 'other-2', tags: null }, { partner_customer_id: 'other-2', tags: [] }],
    [
      'POST',
      '/sites/777/environments',
      'environments.create',
      { name: 'production', custom_domain: 'www.example.com', is_production: true, php_version: '8.3', tags: ['live'] },
      { name: 'production', custom_domain: 'www.example.com', is_production: true, php_version: '8.3', tags: ['live'] },
    ],
    [
      'POST',
      '/sites/777/environments',
      'environments.create, as in the first steps',
      { name: 'prod2', php_version: '8.3', custom_domain: null, domains: ['example.com'] },
      { custom_domain: null },
    ],
    [
      'PUT',
      '/environments/888',
      'environments.update',
      { name: 'staging', custom_domain: 'new.example.com', tags: ['live', 'primary'] },
      { custom_domain: 'new.example.com', tags: ['live', 'primary'] },
    ],
    ['PUT', '/sites/777/environments/888', 'environments.update: null clears', { custom_domain: null, tags: null }, { custom_domain: null, tags: [] }],
    [
      'POST',
      '/environments/888/deployments',
      'environments.deploy',
      { include_uploads: true, include_database: true, source: 'development' },
      { status: 'pending' },
    ],
    [
      'POST',
      '/environments/67890/secrets',
      'secrets.create',
      { key: 'STRIPE_SECRET_KEY', value: 's', is_secret: true },
      { key: 'STRIPE_SECRET_KEY', is_secret: true },
    ],
    ['POST', '/global-secrets', 'secrets.create, plain', { key: 'APP_ENV', value: 'production', is_secret: false }, { key: 'APP_ENV', name: 'APP_ENV' }],
    ['POST', '/account/secrets', 'secrets.create, Node', { key: 'OTHER', value: 'v' }, { key: 'OTHER' }],
    ['POST', '/api-keys', 'apiKeys.create', { name: 'CI' }, { name: 'CI', token: expect.any(String) }],
    [
      'POST',
      '/account/api-keys',
      'apiKeys.create with abilities',
      { name: 'CI 2', abilities: ['projects:read', 'sites:deploy'] },
      { abilities: ['projects:read', 'sites:deploy'] },
    ],
    [
      'POST',
      '/webhooks',
      'webhooks.create',
      { type: 'http', url: 'https://a.example.com/', events: ['vector.site.created', 'vector.dns.record-created'], enabled: true },
    ],
    ['POST', '/webhooks', 'webhooks.create, CLI', { name: 'ours', url: 'https://b.example.com/', events: ['vector.deployment.*'], secret: 'mine' }],
    [
      'POST',
      '/webhooks',
      'webhooks.create, reference',
      { url: 'https://c.example.com/', events: ['site.created', 'deployment.completed'] },
      { events: ['vector.site.created', 'vector.deployment.completed'] },
    ],
    ['POST', '/environments/888/secrets', 'a field that nobody has documented', { key: 'LATER', value: 'v', a_later_field: 1 }, { key: 'LATER' }],
  ])('%s %s: %s', async (method, path, _, body, answered = {}) => {
    const sent = 'database' in body ? { ...body, database: database() } : body;
    expect(await data(method, path, sent)).toMatchObject(answered);
  });
});

/** What a client types: `string` and the like, `?` where it may be left out or null. */
const TYPES: Record<string, Record<string, string>> = {
  site: {
    id: 'string',
    partner_customer_id: 'string',
    your_customer_id: 'string',
    dev_php_version: 'string',
    tags: 'array',
    status: 'string',
    status_label: 'string',
    dev_domain: '?string',
    dev_db_host: 'string',
    dev_db_name: 'string',
    environments: 'array',
    created_at: 'string',
    updated_at: 'string',
  },
  environment: {
    id: 'string',
    vector_site_id: 'string',
    site_id: 'string',
    partner_customer_id: 'string',
    your_customer_id: 'string',
    name: 'string',
    is_production: 'boolean',
    status: 'string',
    status_label: 'string',
    provisioning_step: 'string',
    failure_reason: '?string',
    php_version: 'string',
    tags: 'array',
    fqdn: '?string',
    custom_domain: '?string',
    platform_domain: '?string',
    database_host: '?string',
    database_name: '?string',
    created_at: 'string',
    updated_at: 'string',
  },
  deployment: {
    id: 'string',
    vector_environment_id: 'string',
    environment_id: 'string',
    status: 'string',
    status_label: 'string',
    stdout: '?string',
    stderr: '?string',
    actor: 'string',
    environment: 'object',
    created_at: 'string',
    updated_at: 'string',
  },
  secret: { id: 'string', key: 'string', name: 'string', is_secret: 'boolean', created_at: 'string', updated_at: 'string' },
  webhook: {
    id: 'string',
    type: 'string',
    type_label: 'string',
    url: 'string',
    events: 'array',
    enabled: 'boolean',
    created_at: 'string',
    updated_at: 'string',
  },
  log: {
    id: 'string',
    vector_webhook_delivery_id: 'string',
    vector_webhook_id: 'string',
    event: 'string',
    request_body: 'object',
    attempt: 'number',
    response_status: '?number',
    status_code: '?number',
    response_time_ms: '?number',
    response_body: '?string',
    response_headers: '?object',
    latency_ms: '?number',
    created_at: 'string',
  },
  event: {
    id: 'string',
    event: 'string',
    type: 'string',
    model_type: 'string',
    model_id: '?string',
    context: '?object',
    actor: 'object',
    resource: 'object',
    metadata: 'object',
    occurred_at: 'string',
    created_at: 'string',
  },
  actor: { type: 'string', id: '?string', name: 'string', ip: 'string', token_name: 'string' },
  apiKey: { id: 'string', name: 'string', abilities: 'array', last_used_at: '?string', expires_at: '?string', created_at: 'string' },
  account: { account: 'object', domains: 'array', sites: 'object', environments: 'object', total_sites: 'number', total_environments: 'number' },
};

function isTyped(what: string, value: Data): void {
  for (const [field, type] of Object.entries(TYPES[what] ?? {})) {
    const found = value[field];
    const kind = Array.isArray(found) ? 'array' : found === null || found === undefined ? 'nothing' : typeof found;
    const wanted = type.startsWith('?') ? [type.slice(1), 'nothing'] : [type];
    expect(wanted, `${field} of ${what}: ${JSON.stringify(found)}`).toContain(kind);
  }
}

describe('every answer is as the published clients type it', () => {
  it.each([
    ['site', '/sites/12345'],
    ['site', '/sites'],
    ['environment', '/environments'],
    ['environment', '/environments/888'],
    ['environment', '/sites/12345/environments'],
    ['deployment', '/environments/888/deployments'],
    ['deployment', '/sites/777/deployments'],
    ['secret', '/environments/67890/secrets'],
    ['secret', '/global-secrets'],
    ['webhook', '/webhooks'],
    ['event', '/events?per_page=100'],
    ['apiKey', '/api-keys'],
    ['account', '/account'],
  ])('%s at %s', async (what, path) => {
    const found = await data('GET', path);
    const items = Array.isArray(found) ? found : [found];
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) {
      isTyped(what, item);
      if (what === 'event') isTyped('actor', item.actor);
      if (what === 'site') for (const one of item.environments) isTyped('environment', one);
    }
  });

  it('the acts of Rekey itself have a string for an address', async () => {
    await db.$transaction((tx) =>
      recordAudit(tx, systemContext(organizationId), { action: 'webhook.disabled', metadata: { webhook_endpoint_id: 'whe_1', host: 'a', reason: 'gone' } }),
    );
    const events = await data('GET', '/events?per_page=100');
    expect(JSON.stringify(events)).not.toMatch(/"(?:ip|token_name)":null/);
  });

  it('a webhook’s log', async () => {
    const [webhook] = await data('GET', '/webhooks');
    await db.$transaction((tx) => recordEvent(tx, { organizationId, projectId: null, type: 'vector.site.created', data: { id: '1' } }));
    const created = (await data('GET', '/webhooks?per_page=100')).find(({ url }: Data) => url === 'https://c.example.com/');
    const logs = await data('GET', `/webhooks/${created.id}/logs`);
    expect(logs.length).toBeGreaterThan(0);
    for (const log of logs) isTyped('log', log);
    isTyped('webhook', webhook);
  });
});

describe('one secret is shown at each of its addresses', () => {
  it.each([
    ['/environments/67890/secrets', ['/secrets', '/environments/67890/secrets', '/sites/12345/environments/67890/secrets']],
    ['/global-secrets', ['/global-secrets', '/account/secrets']],
  ])('%s', async (list, places) => {
    const { id, key } = await data('POST', list, { key: 'SHOWN', value: 'never-shown' });
    for (const place of places) {
      const shown = await data('GET', `${place}/${id}`);
      expect(shown).toMatchObject({ id, key });
      expect(JSON.stringify(shown)).not.toContain('never-shown');
    }
    const elsewhere = list === '/global-secrets' ? '/secrets' : '/global-secrets';
    expect((await ask('GET', `${V}${elsewhere}/${id}`)).status).toBe(404);
  });

  it.each(['DB_PASSWORD', 'YMIR_SECRET', 'ymir_x', 'AWS_REGION'])('%s is reserved', async (key) => {
    expect(await ask('POST', `${V}/global-secrets`, { key, value: 'v' })).toMatchObject({
      status: 422,
      body: { errors: { key: [expect.stringContaining('reserved')] } },
    });
  });
});

describe('a login is tested', () => {
  it('with /ping and /auth/whoami', async () => {
    expect(await ask('GET', '/api/v1/ping')).toMatchObject({ status: 200, body: { message: expect.any(String) } });
    expect(await ask('GET', '/api/v1/auth/whoami')).toMatchObject({
      status: 200,
      body: { data: { token: { name: 'test', abilities: expect.any(Array) }, account: { id: organizationId, name: 'Example Co' } }, http_status: 200 },
    });
    const kept = authorization;
    authorization = 'Bearer rk_live_none';
    expect([(await ask('GET', '/api/v1/ping')).status, (await ask('GET', '/api/v1/auth/whoami')).status]).toEqual([401, 401]);
    authorization = kept;
  });
});

describe('lists filter or refuse, and never ignore a filter', () => {
  const idsOf = (items: Data[]) => items.map(({ id }) => id).toSorted();

  it('environments of a site', async () => {
    expect(idsOf(await data('GET', '/environments?site=12345'))).toEqual(['67890']);
    expect((await data('GET', '/environments?site=777')).length).toBeGreaterThan(1);
    expect((await ask('GET', `${V}/environments?site=nonexistent`)).status).toBe(404);
    expect((await ask('GET', `${V}/sites/12345/environments?site=777`)).status).toBe(422);
  });

  it('sites, searched and sorted', async () => {
    expect(idsOf(await data('GET', '/sites?search=CUST_'))).toEqual(['12345']);
    expect(await data('GET', '/sites?status=active')).toEqual([]);
    expect(idsOf(await data('GET', '/sites?status=verifying&search=cust_1'))).toEqual(['12345']);
    const sorted = async (query: string) => (await data('GET', `/sites?per_page=100&${query}`)).map((site: Data) => site.partner_customer_id);
    const ascending = await sorted('sort=your_customer_id&direction=asc');
    expect(ascending).toEqual(ascending.toSorted());
    expect(await sorted('sort=your_customer_id&direction=desc')).toEqual(ascending.toReversed());
    expect((await ask('GET', `${V}/sites?status=nonsense`)).status).toBe(422);
  });

  it('deployments of a site, by environment', async () => {
    expect(await data('GET', '/sites/777/deployments?environment=staging')).toHaveLength(1);
    expect(await data('GET', '/sites/777/deployments?environment=production')).toEqual([]);
    expect(await data('GET', '/sites/12345/deployments')).toEqual([]);
  });

  it.each([
    ['/sites', 'customer'],
    ['/environments', 'site_id'],
    ['/sites/12345/environments', 'name'],
    ['/environments/67890/secrets', 'key'],
    ['/environments/888/deployments', 'status'],
    ['/global-secrets', 'search'],
    ['/webhooks', 'enabled'],
    ['/events', 'actor'],
    ['/api-keys', 'name'],
  ])('%s refuses ?%s= by its name', async (path, name) => {
    expect(await ask('GET', `${V}${path}?${name}=x`)).toMatchObject({ status: 422, body: { errors: { [name]: [expect.any(String)] } } });
  });

  it('events by the name of an event, by several, by dates and by times', async () => {
    const names = async (query: string) => new Set((await data('GET', `/events?per_page=100&${query}`)).map(({ event }: Data) => event));
    expect(await names('type=vector.site.created')).toEqual(new Set(['vector.site.created']));
    expect(await names('event=vector.site.created,vector.environment.created')).toEqual(new Set(['vector.site.created', 'vector.environment.created']));
    expect(await names('type=secret')).toEqual(new Set(['vector.secret.created']));
    const today = new Date().toISOString().slice(0, 10);
    expect((await names(`from=${today}&to=${today}`)).size).toBeGreaterThan(0);
    expect((await names('from=2026-01-01&to=2026-01-24')).size).toBe(0);
    expect((await names(`from=${today}T00:00:00Z`)).size).toBeGreaterThan(0);
    expect((await names('resource_type=site&resource_id=12345')).has('vector.site.created')).toBe(true);
    expect((await ask('GET', `${V}/events?from=yesterday`)).status).toBe(422);
  });
});

describe('every documented event may be subscribed to', () => {
  it.each(
    `site.pending site.created site.updated site.deleted site.suspended site.unsuspended dev-site.created dev-site.cloned dev-site.suspended
    dev-site.unsuspended dev-site.terminated dev-site.sftp-password-reset dev-site.database-password-reset dev-site.ssh-key-added dev-site.ssh-key-removed
    environment.created environment.updated environment.deleted environment.suspended environment.unsuspended environment.database-password-reset
    deployment.started deployment.completed deployment.failed cdn.setup-started cdn.setup-completed cdn.setup-failed dns.record-created dns.record-deleted
    ssh-key.created ssh-key.deleted webhook.created webhook.updated webhook.deleted site.* deployment.* environment.* dns.*`.split(/\s+/),
  )('vector.%s', async (name) => {
    const events = [`vector.${name}`];
    const { id } = await data('POST', '/webhooks', { url: 'https://events.example.com/', events });
    expect((await data('GET', `/webhooks/${id}`)).events).toEqual(events);
    await data('DELETE', `/webhooks/${id}`);
  });

  it('what happens to sites and environments is delivered', async () => {
    const { id } = await data('POST', '/webhooks', { url: 'https://lifecycle.example.com/', events: ['vector.site.*', 'vector.environment.*'] });
    const site = await data('POST', '/sites', { partner_customer_id: 'life', database: database() });
    await data('PUT', `/sites/${site.id}`, { tags: ['x'] });
    const environment = await data('POST', `/sites/${site.id}/environments`, { name: 'production', php_version: '8.3' });
    await data('PUT', `/environments/${environment.id}`, { tags: ['y'] });
    await data('DELETE', `/environments/${environment.id}`);
    await data('DELETE', `/sites/${site.id}`);
    const logs: Data[] = await data('GET', `/webhooks/${id}/logs?per_page=100`);
    expect(logs.map(({ event }) => event).toReversed()).toEqual(
      ['site.created', 'site.updated', 'environment.created', 'environment.updated', 'environment.deleted', 'site.deleted'].map((name) => `vector.${name}`),
    );
    const bodies = logs.map(({ request_body: body }) => body);
    expect(bodies.find(({ event }) => event === 'vector.site.created').data).toMatchObject({
      id: site.id,
      partner_customer_id: 'life',
      status: 'verifying',
      dev_domain: null,
    });
    expect(bodies.find(({ event }) => event === 'vector.environment.created').data).toMatchObject({ id: environment.id, site_id: site.id, name: 'production' });
  });
});

describe('what has no counterpart', () => {
  it.each([
    ['POST', '/sites/12345/clone'],
    ['PUT', '/sites/12345/suspend'],
    ['GET', '/sites/12345/logs'],
    ['GET', '/sites/12345/waf/blocked-ips'],
    ['GET', '/environments/67890/ssl'],
    ['POST', '/environments/67890/rollback'],
    ['GET', '/ssh-keys'],
    ['GET', '/account/ssh-keys'],
    ['GET', '/php-versions'],
    ['GET', '/backups'],
  ])('%s %s is a 404 in JSON', async (method, path) => {
    expect(await ask(method, V + path, method === 'GET' ? undefined : {})).toMatchObject({
      status: 404,
      body: { data: {}, message: expect.stringContaining(path), http_status: 404 },
    });
  });
});
