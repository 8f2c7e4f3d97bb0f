import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { POST as test } from '#app/api/v1/connection-tests/route.ts';
import { PATCH } from '#app/api/v1/projects/[projectId]/route.ts';
import { POST as adopt } from '#app/api/v1/projects/route.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';

let server: TestTarget;
let login: Login;
let organizationId: string;
let headers: Record<string, string>;

beforeAll(async () => {
  server = await startTarget({ pooler: 'auth_query' });
  login = await server.createLogin('tested');
});
afterAll(() => server.stop());
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
});

const mistyped = (endpoint?: 'pooled') => server.urlOf({ ...login, password: { reveal: () => 'mistyped' } as never }, endpoint);
const run = (body: object) => call(test, { method: 'POST', headers, body });
const results = ({ body }: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(body.connection_test.steps.map(({ step, result }: { step: string; result: string }) => [step, result]));

it('a login that works is ticked step by step, and nothing is kept', async () => {
  const tested = await run({ connection_url: server.urlOf(login), pooled_connection_url: server.urlOf(login, 'pooled') });
  expect(tested).toMatchObject({ status: 200, body: { connection_test: { logs_in: true, unproven_project: null } } });
  expect(results(tested)).toEqual({ reachable: 'ok', tls: 'warn', login: 'ok', rights: 'ok', pooler: 'ok' });
  expect(await db.database.count({ where: { organizationId } })).toBe(0);
  expect(await db.job.count({ where: { organizationId } })).toBe(0);
});

it('says where a login fails, and that nothing after it was tried', async () => {
  const none = await run({ connection_url: `postgresql://app:secret@127.0.0.1:${await freePort()}/shop` });
  expect(results(none)).toEqual({ reachable: 'failed', tls: 'not_tried', login: 'not_tried', rights: 'not_tried', pooler: 'not_tried' });
  const plain = await run({ connection_url: server.urlOf(login), ssl_mode: 'require' });
  expect(results(plain)).toMatchObject({ reachable: 'ok', tls: 'failed', login: 'not_tried' });
  const wrong = await run({ connection_url: mistyped() });
  expect(wrong.body.connection_test).toMatchObject({ logs_in: false });
  expect(results(wrong)).toMatchObject({ reachable: 'ok', tls: 'ok', login: 'failed', rights: 'not_tried' });
  const pooler = await run({
    connection_url: server.urlOf(login),
    pooled_connection_url: mistyped('pooled')
      .replace(/mistyped/, login.password.reveal())
      .replace(/:\d+\//, `:${await freePort()}/`),
  });
  expect(pooler.body.connection_test.logs_in).toBe(false);
  expect(results(pooler)).toMatchObject({ login: 'ok', pooler: 'failed' });
  expect(await run({ connection_url: 'postgresql://app@h/shop' })).toMatchObject({ status: 422, body: { errors: { connection_url: [expect.any(String)] } } });
  expect(JSON.stringify([none, plain, wrong, pooler])).not.toContain(login.password.reveal());
});

it('refuses a fourth wrong password for one account, also from another API key, and says why', async () => {
  const { user } = await server.createLogin('typed_wrong');
  const rejected = () => server.log().split(`password authentication failed for user "${user}"`).length - 1;
  const typed = server.urlOf({ user, password: { reveal: () => 'mistyped' } as never });
  for (let n = 0; n < 3; n++) expect(await run({ connection_url: typed })).toMatchObject({ status: 200 });
  const other = await keyHeaders(organizationId);
  const refused = await call(test, { method: 'POST', headers: other, body: { connection_url: typed } });
  expect(refused).toMatchObject({
    status: 429,
    body: { code: 'rate_limited', detail: expect.stringContaining('3 logins of this account were rejected or have no answer yet') },
  });
  expect(rejected()).toBe(3);

  // A rotator's password is one of another account. What works is not counted.
  const rotator = server.urlOf({ user, password: { reveal: () => 'mistyped' } as never });
  expect(await run({ connection_url: server.urlOf(login), rotator_url: rotator })).toMatchObject({ status: 429 });
  for (let n = 0; n < 5; n++) expect(await run({ connection_url: server.urlOf(login) })).toMatchObject({ status: 200 });
  expect(rejected()).toBe(3);
});

it('a project that keeps the login with a password that never worked is named, and fixed by the right URL', async () => {
  // An API client's POST keeps what it was given, as documented.
  const { status, body } = await call(adopt, { method: 'POST', headers, body: { name: 'shop', connection_url: mistyped() } });
  expect(status).toBe(201);
  await verifyConnection(body.job.id, 'test');
  const right = { connection_url: server.urlOf(login) };
  const { body: tested } = await run(right);
  expect(tested.connection_test).toMatchObject({ logs_in: true, unproven_project: { id: body.project.id, name: 'shop' } });

  const fixed = await call(PATCH, { method: 'PATCH', headers, params: { projectId: body.project.id }, body: right });
  expect(fixed.status).toBe(200);
  await verifyConnection(fixed.body.project.latest_job_id, 'test');
  expect(await db.database.findMany({ where: { organizationId } })).toMatchObject([{ state: 'ready', lastError: null }]);
  expect((await run(right)).body.connection_test.unproven_project).toBe(null);
});

it('a URL for a project is tried with the TLS mode that the project keeps, and no other project is offered', async () => {
  const { body } = await call(adopt, { method: 'POST', headers, body: { name: 'strict', connection_url: mistyped(), ssl_mode: 'require' } });
  const right = { connection_url: server.urlOf(login) };
  expect((await run(right)).body.connection_test.unproven_project).toMatchObject({ name: 'strict' });
  const tested = await run({ ...right, project_id: body.project.id });
  expect(results(tested)).toMatchObject({ reachable: 'ok', tls: 'failed' });
  expect(tested.body.connection_test.unproven_project).toBe(null);
  expect((await run({ ...right, ssl_mode: 'disable', project_id: body.project.id })).body.connection_test.logs_in).toBe(true);

  const stranger = await keyHeaders(await makeOrganization());
  const theirs = await call(test, { method: 'POST', headers: stranger, body: { ...right, project_id: body.project.id } });
  expect(theirs.status).toBe(404);
});
