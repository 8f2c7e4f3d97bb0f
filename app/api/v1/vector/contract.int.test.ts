// The documented sites dialect as a client of it knows it: a base URL, a key and HTTP. Every call in every spelling,
// against a real MariaDB with a real worker.
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { readPassword, withPassword } from '#lib/wp-config/find-password.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { type RunningWorker, runWorker } from '#scripts/testing/run-worker.ts';
import { type ServedApi, serveApi } from '#scripts/testing/serve-api.ts';
import { WP_CONFIGS } from '#scripts/testing/wp-configs.ts';

const port = await vi.hoisted(async () => {
  const { freePort } = await import('#scripts/servers/free-port.ts');
  const free = await freePort();
  // The hook asks there for its variables, and pages link there.
  process.env.NEXTAUTH_URL = `http://127.0.0.1:${free}`;
  process.env.REKEY_OUTBOUND_ALLOW = '127.0.0.0/8';
  return free;
});
const base = `http://127.0.0.1:${port}/api/v1/vector`;

let api: ServedApi;
let server: MariadbTarget;
let worker: RunningWorker;
let hook: Receiver;
let receiver: Receiver;
let authorization: string;
let dev: Login;
let production: Login;
let rotatorUrl: string;
const dir = mkdtempSync(join(tmpdir(), 'rekey-contract-'));
const config = join(dir, 'wp-config.php');

// biome-ignore lint/suspicious/noExplicitAny: a client of the documented API has no types
type Data = any;
interface Answer {
  status: number;
  headers: Headers;
  body: { data: Data; message: string; http_status: number; errors?: Record<string, string[]>; links?: Data; meta?: Data };
}

/** The client: what every answer of the dialect has is looked at here. */
async function ask(method: string, path: string, body?: unknown, key: string = authorization): Promise<Answer> {
  const headers = { authorization: key, accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) };
  const response = await fetch(path.startsWith('http') ? path : base + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const answer = { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  expect(answer.body).toMatchObject({ data: expect.anything(), message: expect.stringMatching(/./), http_status: response.status });
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(response.headers.get('x-request-id')).toBeTruthy();
  if (!response.ok) expect(answer.body.data).toEqual({});
  return answer;
}
/** The data of a call that goes well. */
async function done(status: number, method: string, path: string, body?: unknown): Promise<Data> {
  const answer = await ask(method, path, body);
  expect(answer.body).toMatchObject({ http_status: status });
  return answer.body.data;
}
/** All of a list, by its links, one or more a page. */
async function all(path: string, perPage = 2): Promise<Data[]> {
  const found: Data[] = [];
  let next: string | null = `${path}${path.includes('?') ? '&' : '?'}per_page=${perPage}`;
  for (let page = 1; next !== null; page++) {
    const { status, body }: Answer = await ask('GET', next);
    expect(status).toBe(200);
    const { links, meta, data } = body;
    const from = data.length === 0 ? null : found.length + 1;
    found.push(...data);
    expect(Object.keys(links).sort()).toEqual(['first', 'last', 'next', 'prev']);
    expect(meta).toEqual({
      current_page: page,
      from,
      to: from === null ? null : found.length,
      total: expect.any(Number),
      per_page: perPage,
      last_page: Math.max(1, Math.ceil(meta.total / perPage)),
    });
    expect([links.prev === null, links.next === null]).toEqual([page === 1, page === meta.last_page]);
    next = links.next;
    if (next === null) expect(found).toHaveLength(meta.total);
  }
  return found;
}
const idsOf = (items: Data[]): string[] => items.map(({ id }) => id).sort();
const has = (data: Data, fields: string): void => expect(Object.keys(data)).toEqual(expect.arrayContaining(fields.split(' ')));
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 50 });
const isActive = (path: string) => until(async () => expect((await done(200, 'GET', path)).status).toBe('active'));

const SITE = 'id partner_customer_id status tags dev_domain dev_db_host dev_db_name db_host db_port db_name db_username environments created_at updated_at';
const ENVIRONMENT = 'id vector_site_id name is_production status database_host database_name database_user';
const DEPLOYMENT = 'id environment_id vector_environment_id status stdout stderr actor created_at updated_at';
const WEBHOOK = 'id type url events enabled';
const EVENT = 'id event type model_type model_id actor resource metadata occurred_at';
const API_KEY = 'id name abilities last_used_at expires_at created_at';
/** Both places where a thing of an environment stands. */
const PLACES = ['/environments/67890', '/sites/12345/environments/67890'];

const isAccepted = async ({ user }: Login, password: string): Promise<boolean> => {
  try {
    await (await mysql.createConnection({ host: '127.0.0.1', port: server.target.direct.port, user, password })).end();
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
    return false;
  }
};
/** Which of these passwords log in. */
const accepted = (login: Login, ...passwords: string[]) => Promise.all(passwords.map((password) => isAccepted(login, password)));

async function reset(path: string): Promise<Data> {
  const { status, headers, body } = await ask('POST', path);
  expect([status, headers.get('cache-control'), body.message]).toEqual([200, 'no-store', 'Database password reset successfully']);
  expect(body.data.db_password).toMatch(/^.{16,}$/);
  return body.data;
}

beforeAll(async () => {
  worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  [api, server, hook, receiver] = await Promise.all([serveApi(port), startMariadbTarget(), startReceiver(), startReceiver(), worker.ready]);
  authorization = (await keyHeaders(await makeOrganization())).authorization;
  [dev, production] = await Promise.all([server.createLogin('dev'), server.createLogin('production')]);
  rotatorUrl = server.urlOf(await server.createRotator('rotator'));
  writeFileSync(config, withPassword(config, Buffer.from(WP_CONFIGS['of the sample']!), dev.password.reveal()));

  const database = { connection_url: server.urlOf(dev), rotator_url: rotatorUrl };
  const site = { id: 12345, partner_customer_id: 'cust_1', dev_php_version: '8.3', tags: ['shop'], database, wp_config_path: config };
  const made = await done(201, 'POST', '/sites', site);
  has(made, SITE);
  expect(made).toMatchObject({ id: '12345', partner_customer_id: 'cust_1', tags: ['shop'] });
  expect(made).not.toHaveProperty('db_password');
  const data = { connection_url: server.urlOf(production), rotator_url: rotatorUrl };
  const environment = await done(201, 'POST', '/sites/12345/environments', {
    id: 67890,
    name: 'production',
    is_production: true,
    database: data,
    deploy_hook_url: hook.url,
  });
  has(environment, ENVIRONMENT);
  await Promise.all([isActive('/sites/12345'), isActive(PLACES[0]!)]);
});
afterAll(async () => {
  await Promise.all([worker?.stop(), api?.stop(), hook?.stop(), receiver?.stop(), server?.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

it('sites are listed, shown, changed and forgotten', async () => {
  const { id } = await done(201, 'POST', '/sites', {
    partner_customer_id: 'cust_2',
    database: { connection_url: server.urlOf(await server.createLogin('second')) },
  });
  expect(idsOf(await all('/sites', 1))).toEqual(idsOf([{ id }, { id: '12345' }]));
  const site = await done(200, 'GET', '/sites/12345');
  has(site, `${SITE} db_password`);
  expect(site).toMatchObject({ id: '12345', db_username: 'dev', db_password: dev.password.reveal(), environments: [{ id: '67890' }] });
  expect((await ask('GET', '/sites/12345')).headers.get('cache-control')).toBe('no-store');
  const { token } = await done(201, 'POST', '/api-keys', { name: 'reader', abilities: ['projects:read'] });
  expect((await ask('GET', '/sites/12345', undefined, `Bearer ${token}`)).body.data).not.toHaveProperty('db_password');

  await isActive(`/sites/${id}`);
  expect(await done(200, 'PUT', `/sites/${id}`, { tags: ['a', 'b'], partner_customer_id: 'cust_3' })).toMatchObject({
    id,
    tags: ['a', 'b'],
    partner_customer_id: 'cust_3',
  });
  expect(await done(200, 'DELETE', `/sites/${id}`)).toEqual({});
  expect((await ask('GET', `/sites/${id}`)).status).toBe(404);
  expect(idsOf(await all('/sites'))).toEqual(['12345']);
});

it('a development reset counts at once: the old password is refused, connections are closed, wp-config.php holds the new one', async () => {
  let present = dev.password.reveal();
  for (const path of ['/sites/12345/database/reset-password', '/sites/12345/db/reset-password']) {
    const open = await mysql.createConnection({ host: '127.0.0.1', port: server.target.direct.port, user: 'dev', password: present });
    const ended = new Promise((resolve) => open.on('error', resolve));
    const data = await reset(path);
    expect(data).toMatchObject({ id: '12345', dev_db_username: 'dev', dev_db_password: data.db_password, wp_config_path: config });
    await ended;
    expect(await accepted(dev, present, data.db_password)).toEqual([false, true]);
    expect(readPassword(config, readFileSync(config))).toBe(data.db_password);
    present = data.db_password;
  }
  // As a backup brings it back.
  writeFileSync(config, withPassword(config, readFileSync(config), dev.password.reveal()));
  has(await done(200, 'POST', '/sites/12345/wp/reconfig'), SITE);
  expect(readPassword(config, readFileSync(config))).toBe(present);
});

it('environments are made, listed, shown, changed and deleted in both places', async () => {
  for (const [i, place] of ['/environments', '/sites/12345/environments'].entries()) {
    const made = await done(201, 'POST', '/sites/12345/environments', { name: `staging ${i}` });
    expect(made).toMatchObject({ vector_site_id: '12345', is_production: false, database_host: null });
    expect(idsOf(await all(place, 1))).toEqual(idsOf([made, { id: '67890' }]));
    const at = `${place}/${made.id}`;
    has(await done(200, 'GET', at), ENVIRONMENT);
    expect(await done(200, 'PUT', at, { name: 'preview' })).toMatchObject({ id: made.id, name: 'preview' });
    for (const spelling of ['database', 'db']) expect((await ask('POST', `${at}/${spelling}/reset-password`)).status).toBe(400);
    expect(await done(200, 'DELETE', at)).toEqual({});
    expect((await ask('GET', at)).status).toBe(404);
  }
});

it('secrets are told by their keys in every place, and reserved keys are refused', async () => {
  const lists = ['/global-secrets', '/account/secrets', ...PLACES.map((at) => `${at}/secrets`)];
  for (const [list, one] of [...lists.map((list) => [list, list] as const), [`${PLACES[0]}/secrets`, '/secrets'] as const]) {
    const made = await done(201, 'POST', list, { key: 'API_TOKEN', value: 'v4lue' });
    expect(made).toMatchObject({ key: 'API_TOKEN' });
    await done(201, 'POST', list, { key: 'OTHER', value: 'v4lue' }).then(({ id }) => done(200, 'DELETE', `${one}/${id}`));
    expect(idsOf(await all(list))).toEqual([made.id]);
    const changed = await done(200, 'PUT', `${one}/${made.id}`, { value: 'v4lue-2' });
    expect(JSON.stringify([made, changed, await all(list)])).not.toContain('v4lue');
    expect(await done(200, 'GET', `${one}/${made.id}`)).toMatchObject({ id: made.id, key: 'API_TOKEN' });
    expect(await done(200, 'DELETE', `${one}/${made.id}`)).toEqual({});
  }
  for (const key of ['DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DB_HOST', 'DB_CHARSET', 'DB_COLLATE', 'AWS_REGION']) {
    const body = { message: 'Validation failed', errors: { key: [expect.any(String)] } };
    expect(await ask('POST', '/environments/67890/secrets', { key, value: 'x' })).toMatchObject({ status: 422, body });
    expect(await ask('POST', '/global-secrets', { key, value: 'x' })).toMatchObject({ status: 422, body });
  }
});

it('an environment reset keeps the old password until a deployment has succeeded; webhooks tell when it is true', async () => {
  const { secret, ...webhook } = await done(201, 'POST', '/webhooks', {
    type: 'http',
    url: receiver.url,
    events: ['vector.environment.*', 'vector.deployment.*'],
  });
  await done(201, 'POST', '/global-secrets', { key: 'SHARED', value: 'global' });
  await done(201, 'POST', '/environments/67890/secrets', { key: 'SHARED', value: 'of the environment' });

  const first = production.password.reveal();
  let latest = '';
  for (const place of PLACES) {
    for (const spelling of ['database', 'db']) {
      const data = await reset(`${place}/${spelling}/reset-password`);
      expect(data).toMatchObject({ id: '67890', database_user: 'production', database_password: data.db_password });
      latest = data.db_password;
    }
  }
  expect(await accepted(production, first, latest)).toEqual([true, true]);

  const deployAs = async (at: string, status: string) => {
    const begun = await done(202, 'POST', `${at}/deployments`);
    has(begun, DEPLOYMENT);
    expect(begun).toMatchObject({ status: 'pending', environment_id: '67890', vector_environment_id: '67890' });
    for (const one of [`${at}/deployments`, '/deployments']) {
      await until(async () => expect((await done(200, 'GET', `${one}/${begun.id}`)).status).toBe(status));
    }
    return begun.id;
  };
  hook.answer((response: http.ServerResponse) => response.writeHead(500).end());
  const failed = await deployAs(PLACES[0]!, 'failed');
  expect(await accepted(production, first, latest)).toEqual([true, true]);

  let fetched: Data;
  hook.answer(async (response: http.ServerResponse) => {
    const { variables_url: url, fetch_token: token } = JSON.parse(hook.received.at(-1)!.body);
    fetched = (await ask('GET', url, undefined, `Bearer ${token}`)).body.data.variables;
    response.writeHead(200).end();
  });
  const deployed = await deployAs(PLACES[1]!, 'deployed');
  expect(fetched).toMatchObject({ DB_USER: 'production', DB_PASSWORD: latest, SHARED: 'of the environment' });
  await until(async () => expect(await accepted(production, first, latest)).toEqual([false, true]));
  for (const place of [...PLACES, '/sites/12345']) expect(idsOf(await all(`${place}/deployments`, 1))).toEqual([failed, deployed].sort());

  const expected = [
    ...Array(4).fill('vector.environment.database-password-reset'),
    ...['started', 'started', 'failed', 'completed'].map((what) => `vector.deployment.${what}`),
  ];
  await until(async () => expect(receiver.received.map(({ headers }) => headers['x-vector-event']).sort()).toEqual(expected.sort()));
  for (const { headers, body } of receiver.received) {
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-vector-signature'])) ?? [];
    expect(createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')).toBe(v1);
    expect(JSON.parse(body)).toEqual({ event: headers['x-vector-event'], occurred_at: expect.any(String), data: expect.any(Object) });
    for (const password of [first, latest]) expect(body).not.toContain(password);
  }

  expect(await all('/webhooks')).toEqual([webhook]);
  has(webhook, WEBHOOK);
  expect(await done(200, 'GET', `/webhooks/${webhook.id}`)).toEqual(webhook);
  await until(async () => expect((await all(`/webhooks/${webhook.id}/logs`, 3)).map(({ status }) => status)).toEqual(Array(8).fill('delivered')));
  const { secret: second } = await done(200, 'POST', `/webhooks/${webhook.id}/rotate-secret`);
  expect([typeof second, second === secret]).toEqual(['string', false]);
  expect(await done(200, 'PUT', `/webhooks/${webhook.id}`, { events: ['vector.site.*'], enabled: false })).toMatchObject({
    events: ['vector.site.*'],
    enabled: false,
  });
  expect(await done(200, 'DELETE', `/webhooks/${webhook.id}`)).toEqual({});
  expect((await ask('GET', `/webhooks/${webhook.id}`)).status).toBe(404);
});

it('the documented curl lines work word for word', async () => {
  // The base URL aside.
  const lines = [
    `curl -X POST "$BASE/api/v1/vector/sites/12345/database/reset-password" \\
  -H "Authorization: Bearer $YOUR_API_TOKEN"`,
    `curl -X POST "$BASE/api/v1/vector/sites/12345/environments/67890/database/reset-password" \\
  -H "Authorization: Bearer $YOUR_API_TOKEN"`,
  ];
  const env = { ...process.env, BASE: new URL(base).origin, YOUR_API_TOKEN: authorization.slice('Bearer '.length) };
  for (const [i, line] of lines.entries()) {
    const { stdout } = await promisify(execFile)('sh', ['-c', line], { env });
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ data: { db_password: expect.any(String) }, message: 'Database password reset successfully', http_status: 200 });
    expect(await isAccepted([dev, production][i]!, answer.data.db_password)).toBe(true);
  }
});

it('the account, its keys and what happened are told', async () => {
  has(await done(200, 'GET', '/account'), 'id name');
  for (const place of ['/api-keys', '/account/api-keys']) {
    const { token, ...key } = await done(201, 'POST', place, { name: 'CI', abilities: ['audit:read'], expires_at: '2099-01-01T00:00:00Z' });
    has(key, API_KEY);
    expect((await ask('GET', '/events', undefined, `Bearer ${token}`)).status).toBe(200);
    expect(idsOf(await all(place))).toContain(key.id);
    expect(JSON.stringify(await all(place))).not.toContain(token);
    expect(await done(200, 'DELETE', `${place}/${key.id}`)).toEqual({});
    expect((await ask('GET', '/events', undefined, `Bearer ${token}`)).status).toBe(401);
  }
  const events = await all('/events', 20);
  for (const event of events) {
    has(event, EVENT);
    has(event.actor, 'type id name ip token_name');
    has(event.resource, 'type id');
  }
  const names = new Set(events.map(({ event }) => event));
  for (const name of [
    'dev-site.database-password-reset',
    'environment.database-password-reset',
    'deployment.completed',
    'deployment.failed',
    'webhook.created',
    'webhook.updated',
    'webhook.deleted',
    'api-key.created',
    'api-key.deleted',
  ])
    expect(names).toContain(`vector.${name}`);
  const { event, type, resource, occurred_at: at } = events.find(({ resource: { id } }) => id === '67890');
  const query = new URLSearchParams({ event, type, resource_type: resource.type, resource_id: resource.id, from: at, to: '2099-01-01T00:00:00Z' });
  for (const found of await all(`/events?${query}`)) expect(found).toMatchObject({ event, type, resource });
  expect((await all(`/events?${query}`)).length).toBeGreaterThan(0);
});

it('refusals have the documented form', async () => {
  expect(await ask('GET', '/sites', undefined, 'Bearer nothing')).toMatchObject({ status: 401, body: { message: 'Unauthenticated' } });
  const { token } = await done(201, 'POST', '/api-keys', { name: 'reader', abilities: ['projects:read'] });
  expect((await ask('POST', '/sites/12345/database/reset-password', undefined, `Bearer ${token}`)).status).toBe(403);
  for (const path of ['/sites/1', '/environments/1', '/deployments/1', '/webhooks/1', '/nowhere']) expect((await ask('GET', path)).status).toBe(404);
  for (const path of ['/sites', '/webhooks', '/api-keys', '/global-secrets']) {
    expect(await ask('POST', path, {})).toMatchObject({ status: 422, body: { message: 'Validation failed', errors: expect.any(Object) } });
  }
  expect(await ask('GET', '/sites?per_page=101')).toMatchObject({ status: 422, body: { errors: { per_page: [expect.any(String)] } } });
});

it('an environment and a site are forgotten, and the passwords go on working', async () => {
  expect(await done(200, 'DELETE', '/sites/12345')).toEqual({});
  expect((await ask('GET', '/environments/67890')).status).toBe(404);
  expect(await isAccepted(dev, readPassword(config, readFileSync(config)))).toBe(true);
});

it('every call of the dialect was asked', () => {
  // Not of the documented ones: what a person asks who tries a login, and what a hook reports later.
  const ours = /\/(?:database\/verify|report)$/;
  const unasked = api.routes.filter((route) => / \/api\/v1\/vector\//.test(route) && !ours.test(route) && !api.asked.has(route));
  expect(unasked).toEqual([]);
});
