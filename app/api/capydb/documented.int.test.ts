// What CapyDB's documentation and published clients (the MCP server, the Terraform provider, the CLI) send and type,
// as a table: accepted as they send it, answered as they type it, under the base URL that they are given.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as unknown from '#app/api/[...unknown]/route.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { type ServedApi, serveApi } from '#scripts/testing/serve-api.ts';
import * as status from './status/route.ts';

const port = await vi.hoisted(async () => {
  const { freePort } = await import('#scripts/servers/free-port.ts');
  const free = await freePort();
  process.env.NEXTAUTH_URL = `http://127.0.0.1:${free}`;
  return free;
});

// biome-ignore lint/suspicious/noExplicitAny: a client of the documented API has no types
type Data = any;

let api: ServedApi;
let key: string;
let organizationId: string;
let projectId: string;

async function ask(method: string, path: string, body?: unknown, auth: Record<string, string> = { authorization: `Bearer ${key}` }) {
  const headers = { ...auth, accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) };
  const response = await fetch(`http://127.0.0.1:${port}/api/capydb${path}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (text !== '') expect(response.headers.get('content-type')).toMatch(/^application\/(?:problem\+)?json/);
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Data) };
}
async function done(method: string, path: string, body?: unknown): Promise<Data> {
  const answer = await ask(method, path, body);
  expect(answer, `${method} ${path}`).toMatchObject({ status: expect.toSatisfy((code: number) => code < 300) });
  return answer.body;
}
const of = (path: string) => `/v1/organizations/${organizationId}${path}`;
const url = (role: string) => `postgres://${role}:p@127.0.0.1:1/shop`;

beforeAll(async () => {
  api = await serveApi(port);
  organizationId = await makeOrganization();
  key = (await keyHeaders(organizationId)).authorization.slice('Bearer '.length);
  const { project } = await done('POST', '/v1/projects', {
    name: 'shop',
    connection_url: url('app'),
    region: 'eu-central',
    plan: 'launch',
    postgres_version: '17',
    cluster_id: 'c1',
    always_on: true,
  });
  projectId = project.id;
});
afterAll(() => api.stop());

/** `!`: always there; a field without it may be left out, and is never null. */
const TYPES: Record<string, string> = {
  project: `id! organization_id! name! slug! environment! state! database_name! role_name! public_host direct_port!:number pooled_port:number ssl_mode
    last_error latest_job_id created_at! updated_at!`,
  job: `id! organization_id! project_id type! state! attempts!:number max_attempts!:number error retry_classification created_at! claimed_at claimed_by
    started_at completed_at updated_at!`,
  connections: 'direct_url! pooled_url username!',
  api_key: `id! organization_id! project_id name! key_prefix! scopes!:object source! is_active!:boolean created_by_user_id device_name last_used_at expires_at
    revoked_at created_at!`,
  webhook_endpoint: 'id! organization_id! url! description event_types!:object is_active!:boolean created_at! updated_at!',
  delivery: `id! organization_id! endpoint_id! event_type! state! attempts!:number max_attempts!:number next_attempt_at! response_status:number last_error
    payload!:object delivered_at created_at! updated_at!`,
  audit_event: 'id! organization_id! project_id action! actor_id actor_kind! created_at! metadata:object',
  organization: 'id! name! slug! created_at! updated_at!',
  principal: 'auth_source! organization_id! scopes!:object user_id is_admin!:boolean',
  component: 'name! status! message',
};
function isTyped(what: string, value: Data): void {
  for (const word of TYPES[what]?.split(/\s+/) ?? []) {
    const [, field = '', mark, type = 'string'] = /^(\w+)(!?)(?::(\w+))?$/.exec(word) ?? [];
    const kinds = mark ? [type] : [type, 'undefined'];
    expect(kinds, `${field} of ${what}: ${JSON.stringify(value[field])}`).toContain(value[field] === null ? 'null' : typeof value[field]);
  }
}

describe('every answer is as the published clients type it', () => {
  it.each<[string, string, (body: Data) => Data]>([
    ['project', '/v1/projects', ({ projects }) => projects],
    ['project', '/v1/projects/{id}', ({ project }) => [project]],
    ['job', '/v1/projects/{id}/jobs?limit=25', ({ jobs }) => jobs],
    ['connections', '/v1/projects/{id}/connections', ({ connections }) => [connections]],
    ['audit_event', '/v1/projects/{id}/audit-events?limit=5', ({ audit_events }) => audit_events],
    ['audit_event', '/v1/organizations/{org}/audit-events', ({ audit_events }) => audit_events],
    ['organization', '/v1/me', ({ organization }) => [organization]],
    ['principal', '/v1/me', ({ principal }) => [principal]],
    ['organization', '/v1/organizations/{org}', ({ organization }) => [organization]],
    ['api_key', '/v1/organizations/{org}/api-keys', ({ api_keys }) => api_keys],
    ['component', '/v1/status', ({ components }) => components],
  ])('%s at %s', async (what, path, pick) => {
    const found = pick(await done('GET', path.replace('{id}', projectId).replace('{org}', organizationId)));
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) isTyped(what, one);
  });

  it('one job, and that of a rotation', async () => {
    const { jobs } = await done('GET', `/v1/projects/${projectId}/jobs`);
    isTyped('job', (await done('GET', `/v1/jobs/${jobs[0].id}`)).job);
  });

  it('the status, beside the API too', async () => {
    const answer = await call(status.GET, { path: '/api/capydb/status' });
    expect(answer.body).toMatchObject({ service: 'rekey', status: expect.any(String), generated_at: expect.any(String) });
    for (const one of answer.body.components) isTyped('component', one);
  });
});

describe('webhooks made here', () => {
  it('are in the dialect of CapyDB, for all events where none is named, and a redelivery has an id of its own', async () => {
    for (const body of [{}, { event_types: [] }, { event_types: ['credentials.rotated', 'backup.completed'], description: 'CI' }]) {
      const made = await done('POST', of('/webhook-endpoints'), { url: 'https://hooks.example.com/', ...body });
      expect(made.plaintext_secret).toMatch(/^whsec_/);
      isTyped('webhook_endpoint', made.webhook_endpoint);
      expect(made.webhook_endpoint.event_types).toEqual((body as Data).event_types ?? []);
      expect(await db.webhookEndpoint.findUniqueOrThrow({ where: { id: made.webhook_endpoint.id } })).toMatchObject({ dialect: 'capydb' });
    }
    const { webhook_endpoints: all } = await done('GET', of('/webhook-endpoints'));
    for (const one of all) isTyped('webhook_endpoint', one);
    const at = of(`/webhook-endpoints/${all[0].id}`);
    expect((await done('PATCH', at, { event_types: [], is_active: true, later: 1 })).webhook_endpoint.event_types).toEqual([]);
    expect((await done('POST', `${at}/rotate-secret`)).plaintext_secret).toMatch(/^whsec_/);
    const { delivery } = await done('POST', `${at}/test`);
    isTyped('delivery', delivery);
    await db.delivery.update({ where: { id: delivery.id }, data: { state: 'delivered' } });
    const again = (await done('POST', `${at}/deliveries/${delivery.id}/redeliver`)).delivery;
    expect([again.id === delivery.id, again.payload.id === delivery.payload.id]).toEqual([false, true]);
    const { deliveries } = await done('GET', `${at}/deliveries`);
    expect(deliveries.map(({ id }: Data) => id)).toEqual(expect.arrayContaining([delivery.id, again.id]));
    for (const one of deliveries) isTyped('delivery', one);
    expect((await ask('DELETE', at)).status).toBe(204);
  });

  it.each(
    `job.completed job.failed project.ready project.deleted backup.completed preview.ready preview.deleted import.completed restore.completed
    credentials.rotated alert.triggered alert.resolved`.split(/\s+/),
  )('may ask for %s', async (name) => {
    const { webhook_endpoint: made } = await done('POST', of('/webhook-endpoints'), { url: 'https://hooks.example.com/', event_types: [name] });
    expect(made.event_types).toEqual([name]);
  });
});

describe('keys', () => {
  it('take every documented scope and a device name, and log in by either header', async () => {
    const scopes = `projects:read projects:write credentials:read backups:read backups:write jobs:read organizations:read organizations:write api_keys:read
      api_keys:write`.split(/\s+/);
    const made = await done('POST', of('/api-keys'), { name: 'terraform', scopes, device_name: 'laptop', expires_at: '2099-01-01T00:00:00Z' });
    isTyped('api_key', made.api_key);
    expect(made.api_key).toMatchObject({ scopes, device_name: 'laptop' });
    for (const [header, value] of Object.entries({ authorization: `Bearer ${made.plaintext_api_key}`, 'x-api-key': made.plaintext_api_key })) {
      expect((await ask('GET', '/v1/me', undefined, { [header]: value })).body.principal.scopes).toEqual(scopes);
    }
    expect((await ask('GET', '/v1/me', undefined, { 'x-api-key': 'rk_live_none' })).status).toBe(401);
  });

  it('with jobs:read alone may poll, and read nothing else', async () => {
    const { plaintext_api_key: poller } = await done('POST', of('/api-keys'), { name: 'poller', scopes: ['jobs:read'] });
    const statusOf = async (path: string) => (await ask('GET', path, undefined, { 'x-api-key': poller })).status;
    expect(await Promise.all([`/v1/projects/${projectId}/jobs`, `/v1/projects/${projectId}`, `/v1/projects/${projectId}/connections`].map(statusOf))).toEqual([
      200, 403, 403,
    ]);
  });
});

describe('what is deleted', () => {
  it('a project answers a completed job, which can be polled', async () => {
    const { project } = await done('POST', '/v1/projects', { name: 'gone', connection_url: url('gone') });
    const { job } = await done('DELETE', `/v1/projects/${project.id}`);
    isTyped('job', job);
    expect(job).toMatchObject({ state: 'completed', type: 'project.delete', project_id: project.id });
    expect((await done('GET', `/v1/jobs/${job.id}`)).job).toEqual(job);
    expect((await ask('GET', `/v1/projects/${project.id}`)).status).toBe(404);
    const other = await keyHeaders(await makeOrganization());
    expect((await ask('GET', `/v1/jobs/${job.id}`, undefined, other)).status).toBe(404);
  });

  it('an integration answers that it is', async () => {
    const row = {
      id: newId('itg'),
      organizationId,
      projectId,
      provider: 'vercel',
      externalId: 'prj',
      name: 'prj',
      config: {},
      tokenVersion: 1,
      hookVersion: 0,
    } as const;
    await db.integration.create({ data: { ...row, tokenSealed: 'x' } });
    expect(await ask('DELETE', `/v1/projects/${projectId}/integrations/vercel`)).toEqual({ status: 200, body: { deleted: true } });
  });
});

describe('what is not known', () => {
  it.each([
    ['GET', '/v1/regions'],
    ['GET', '/v1/kv'],
    ['POST', '/v1/projects/prj_1/backups'],
    ['POST', '/v1/projects/prj_1/sql'],
    ['GET', '/v1/projects/prj_1/preview-databases'],
    ['POST', '/v1/cli/login/sessions'],
  ])('%s %s is a 404 in JSON with the sentence that clients read', async (method, path) => {
    const answer = await ask(method, path, method === 'GET' ? undefined : {});
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', error: expect.stringContaining(path) } });
  });

  it('is JSON under every address of the API', async () => {
    for (const path of ['/api/capydb/nothing', '/api/nowhere']) {
      for (const handler of [unknown.GET, unknown.POST]) expect(await call(handler, { path })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it.each([
    ['/v1/projects', 'state'],
    ['/v1/projects/{id}/jobs', 'type'],
    ['/v1/organizations/{org}/api-keys', 'name'],
    ['/v1/organizations/{org}/webhook-endpoints', 'url'],
    ['/v1/organizations/{org}/audit-events', 'resource'],
  ])('%s refuses the filter ?%s= by its name', async (path, name) => {
    const at = path.replace('{id}', projectId).replace('{org}', organizationId);
    expect(await ask('GET', `${at}?${name}=x`)).toMatchObject({ status: 422, body: { errors: { [name]: [expect.any(String)] } } });
  });

  it('a misspelled field of a rotation is refused, not ignored', async () => {
    expect(await ask('POST', `/v1/projects/${projectId}/credentials/rotate`, { grace_hour: 5 })).toMatchObject({
      status: 422,
      body: { errors: { grace_hour: [expect.any(String)] } },
    });
  });
});
