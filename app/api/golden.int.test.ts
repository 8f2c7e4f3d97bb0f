// How the calls that clients know from the documents were answered at the first release, kept in golden-answers.json:
// each field is still there and holds the same. Fields may be added. The file was recorded by running this test there
// with RECORD_GOLDEN=1; it is not recorded again to make the test pass.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';
import { type ServedApi, serveApi } from '#scripts/testing/serve-api.ts';

const port = await vi.hoisted(async () => {
  const { freePort } = await import('#scripts/servers/free-port.ts');
  const free = await freePort();
  process.env.NEXTAUTH_URL = `http://127.0.0.1:${free}`;
  return free;
});
const FILE = join(import.meta.dirname, 'golden-answers.json');

// biome-ignore lint/suspicious/noExplicitAny: a client of the documented API has no types
type Data = any;

let api: ServedApi;
let server: TestTarget;
let sites: MariadbTarget;
beforeAll(async () => {
  [server, sites] = await Promise.all([startTarget(), startMariadbTarget()]);
  api = await serveApi(port);
});
afterAll(async () => {
  await api.stop();
  await Promise.all([server.stop(), sites.stop()]);
});

/** Does this while a worker runs. */
async function withWorker(act: () => Promise<void>): Promise<void> {
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  await worker.ready;
  await act().finally(worker.stop);
}

/** What differs each time, by a word for its kind. */
const PLACEHOLDERS: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/\b(org|prj|dbs|srv|crd|job|rot|usr|ses|key|whe|whd|aud|evt|env|sit|req|msg|itg|prf|tsk|dep|wrk|del|pol)_[0-9A-Za-z]+/g, '<$1>'],
  [/whsec_[\w+/=-]+/g, '<secret>'],
  [/((?:postgres(?:ql)?|mysql|mariadb):\/\/[^:@/]+:)[^@]+@/g, '$1<password>@'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>'],
  [/\busr_?[0-9a-z]{20,}\b/g, '<role>'],
  [/\b[0-9a-f]{64}\b/g, '<sha256>'],
  [/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<uuid>'],
  [/for [0-9.]+ s\b/g, 'for <seconds> s'],
];
const BY_FIELD: [RegExp, string][] = [
  [/password$/, '<password>'],
  [/(?:^|_)port$/, '<port>'],
  [/^(?:duration_ms|seconds|seq|request_id|claimed_by|slug)$/, '<own>'],
];
/** What may also be null: the server is asked meanwhile, or its version tells it. `dev_php_version` is a string since, as the published client types it. */
const MAY_BE_NULL = /^(?:server_version|xid|dev_php_version)$/;

function normalize(value: Data, field = ''): Data {
  if (MAY_BE_NULL.test(field)) return '<own>';
  const own = value === null ? undefined : BY_FIELD.find(([pattern]) => pattern.test(field));
  if (own && typeof value !== 'object') return own[1];
  if (typeof value === 'string') return PLACEHOLDERS.reduce((text, [pattern, word]) => text.replace(pattern, word), value);
  if (Array.isArray(value)) return value.map((one) => normalize(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, normalize(one, name)]));
}

it('the documented calls are answered as at the first release', async () => {
  const organizationId = await makeOrganization();
  const { authorization } = await keyHeaders(organizationId);
  const answers: Record<string, Data> = {};
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = { authorization }) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), body: text === '' ? undefined : (JSON.parse(text) as Data) };
  };
  const keep = async (name: string, ...call: Parameters<typeof ask>) => {
    const answer = await ask(...call);
    answers[name] = normalize(answer);
    return answer.body;
  };
  const until = (path: string, isSo: (body: Data) => boolean) =>
    vi.waitFor(async () => expect((await ask('GET', path)).body).toSatisfy(isSo), { timeout: 90_000, interval: 100 });

  // Answers that tell the state of a job are recorded while no worker changes it.
  const hook = await keep('create a webhook endpoint', 'POST', `/organizations/${organizationId}/webhook-endpoints`, { url: 'https://hooks.example.com/' });
  const login = await server.createLogin('golden_app');
  const { project } = await keep('adopt a database', 'POST', '/projects', { name: 'shop', connection_url: server.urlOf(login) });
  const at = `/projects/${project.id}`;
  const [dev, staging] = [await sites.createLogin('golden_dev'), await sites.createLogin('golden_env')];
  const rotator = { rotator_url: sites.urlOf(await sites.createRotator('golden_rotator')) };
  const made = await keep('create a site', 'POST', '/vector/sites', {
    id: '12345',
    partner_customer_id: 'cust_1',
    database: { connection_url: sites.urlOf(dev), ...rotator },
  });
  const site = `/vector/sites/${made.data.id}`;
  const { data: environment } = await keep('create an environment', 'POST', `${site}/environments`, {
    id: '67890',
    name: 'staging',
    database: { connection_url: sites.urlOf(staging), ...rotator },
  });
  const staged = `/vector/environments/${environment.id}`;

  await withWorker(async () => {
    await until(at, ({ project: { state } }) => state === 'ready');
    for (const path of [site, staged]) await until(path, ({ data: { status } }) => status === 'active');
    await keep('list projects', 'GET', '/projects');
    await keep('a project', 'GET', at);
    await keep('its URLs', 'GET', `${at}/connections`);
    await keep('a site', 'GET', site);
    await keep('an environment', 'GET', staged);
    await keep('list sites', 'GET', '/vector/sites');
  });
  const { job } = await keep('rotate', 'POST', `${at}/credentials/rotate`);
  await withWorker(async () => {
    await until(`/jobs/${job.id}`, ({ job: { state } }) => state === 'completed');
    await keep('a job', 'GET', `/jobs/${job.id}`);
    await keep('a project after its rotation', 'GET', at);
    await keep('its new URLs', 'GET', `${at}/connections`);
    await keep('its jobs', 'GET', `${at}/jobs`);
    await keep('reset the password of a site', 'POST', `${site}/database/reset-password`);
    await keep('reset the password of an environment', 'POST', `${site}/environments/${environment.id}/database/reset-password`);
  });
  const { audit_events: events } = await ask('GET', `${at}/audit-events?limit=50`).then(({ body }) => body);
  for (const action of ['project.rotation_requested', 'project.credentials_rotated'])
    answers[`audited: ${action}`] = normalize(events.find((one: Data) => one.action === action) ?? null);
  const { deliveries } = await ask('GET', `/organizations/${organizationId}/webhook-endpoints/${hook.webhook_endpoint.id}/deliveries`).then(({ body }) => body);
  for (const type of ['credentials.rotated', 'job.completed'])
    answers[`sent: ${type}`] = normalize(
      deliveries.find((one: Data) => one.event_type === type && JSON.stringify(one.payload).includes(job.id))?.payload ?? null,
    );

  await keep('no key', 'POST', `${at}/credentials/rotate`, undefined, {});
  await keep('no such project', 'POST', '/projects/prj_none/credentials/rotate');
  await keep('no such job', 'GET', '/jobs/job_none');
  await keep('a misspelled field', 'POST', `${at}/credentials/rotate`, { grace_hour: 5 });
  await keep('no such site', 'POST', '/vector/sites/1/database/reset-password');
  await keep('no key at the sites API', 'POST', `${site}/database/reset-password`, undefined, {});

  if (process.env.RECORD_GOLDEN === '1') writeFileSync(FILE, `${JSON.stringify(answers, null, 2)}\n`);
  expect(answers).toMatchObject(normalize(JSON.parse(readFileSync(FILE, 'utf8'))));
});
