// The password of an environment on a real MariaDB: what runs keeps the old one until it is redeployed.
import type http from 'node:http';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { runDeployment } from '#lib/deployments/run-deployment.ts';
import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { lockLogin } from '#lib/rotation/machine/live-rotation.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { type Answer, call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { type RunningWorker, runWorker } from '#scripts/testing/run-worker.ts';
import { GET as getDeployment } from './deployments/[deploymentId]/route.ts';
import { GET as variables } from './deployments/[deploymentId]/variables/route.ts';
import { POST as deploy } from './environments/[environmentId]/deployments/route.ts';
import { GET as getEnvironment, PUT as updateEnvironment } from './environments/[environmentId]/route.ts';
import { POST as resetDev } from './sites/[siteId]/database/reset-password/route.ts';
import { POST as reset } from './sites/[siteId]/environments/[environmentId]/database/reset-password/route.ts';
import { POST as verify } from './sites/[siteId]/environments/[environmentId]/database/verify/route.ts';
import { POST as createEnvironment } from './sites/[siteId]/environments/route.ts';
import { POST as createSite } from './sites/route.ts';

vi.hoisted(() => {
  process.env.REKEY_OUTBOUND_ALLOW = '127.0.0.0/8';
});

let server: MariadbTarget;
let hook: Receiver;
let rotator: Login;
let worker: RunningWorker;
beforeAll(async () => {
  [server, hook] = await Promise.all([startMariadbTarget(), startReceiver()]);
  rotator = await server.createRotator('rotator');
  worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  await worker.ready;
});
afterAll(async () => {
  await worker.stop();
  await Promise.all([server.stop(), hook.stop()]);
});

let organizationId: string;
let headers: Record<string, string>;
let login: Login;
const at = { siteId: '12345', environmentId: '67890' };
const send = (handler: typeof reset, method: string, body: unknown = {}, params: Record<string, string> = at): Promise<Answer> =>
  call(handler, { method, headers, params, ...(method !== 'GET' && { body }) });

beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
  login = await server.createLogin(newId('usr').toLowerCase());
  const dev = await server.createLogin(newId('usr').toLowerCase());
  const rotatorUrl = { rotator_url: server.urlOf(rotator) };
  await send(createSite, 'POST', { id: 12345, partner_customer_id: 'c', database: { connection_url: server.urlOf(dev), ...rotatorUrl } });
  await send(createEnvironment, 'POST', { id: 67890, name: 'production', database: { connection_url: server.urlOf(login), ...rotatorUrl } });
  await vi.waitFor(async () => expect((await send(getEnvironment, 'GET')).body.data.status).toBe('active'), { timeout: 60_000, interval: 50 });
});

const isAccepted = async (password: string): Promise<boolean> => {
  const { host, port } = server.target.direct;
  try {
    await (await mysql.createConnection({ host, port, user: login.user, password })).end();
    return true;
  } catch (error) {
    expect((error as { code: string }).code).toBe('ER_ACCESS_DENIED_ERROR');
    return false;
  }
};
/** Which of these passwords log in. */
const accepted = (...passwords: string[]) => Promise.all(passwords.map(isAccepted));
const resetNow = async (body: object = {}) => {
  const answer = await send(reset, 'POST', body);
  expect(answer).toMatchObject({ status: 200, body: { message: 'Database password reset successfully', http_status: 200 } });
  return answer.body.data;
};
const deployAs = async (status: string, body: object) => {
  const { id: deploymentId } = (await send(deploy, 'POST', body)).body.data;
  await vi.waitFor(async () => expect((await send(getDeployment, 'GET', {}, { deploymentId })).body.data.status).toBe(status), {
    timeout: 60_000,
    interval: 50,
  });
};

it('keeps the old password until a deployment has succeeded, whatever is reset or fails before', async () => {
  const first = login.password.reveal();
  const data = await resetNow();
  expect(data).toMatchObject({
    id: '67890',
    vector_site_id: '12345',
    database_user: login.user,
    database_password: data.db_password,
    retiring: { version: 1 },
  });
  const second: string = data.db_password;
  expect(await accepted(first, second)).toEqual([true, true]);
  expect((await send(verify, 'POST')).body.data).toMatchObject({
    works: true,
    logins: [
      { version: 2, state: 'current', endpoint: 'direct', port: server.target.direct.port, verdict: 'accepted' },
      { version: 1, state: 'retiring', endpoint: 'direct', verdict: 'accepted' },
    ],
  });
  // No hook: it fails, and retires nothing.
  await deployAs('failed', {});
  expect(await accepted(first, second)).toEqual([true, true]);
  // A worker would end it later: not even the mark is there.
  expect(await db.credential.count({ where: { organizationId, retireAt: { not: null } } })).toBe(0);
  await deployAs('deployed', { mark_as_deployed: true });
  await vi.waitFor(async () => expect(await accepted(first, second)).toEqual([false, true]), { timeout: 60_000, interval: 200 });
  await vi.waitFor(async () => expect((await send(getEnvironment, 'GET')).body.data).toMatchObject({ status: 'active', retiring: null }), {
    timeout: 60_000,
    interval: 50,
  });

  const third: string = (await resetNow()).db_password;
  const fourth: string = (await resetNow()).db_password;
  expect(await accepted(second, fourth)).toEqual([true, true]);
  expect(await isAccepted(third)).toBe(false);
  const told = await db.event.findMany({ where: { organizationId, type: 'vector.environment.database-password-reset' } });
  expect(told).toHaveLength(3);
  expect(told[0]).toMatchObject({ data: { environment_id: '67890', site_id: '12345' } });
}, 180_000);

it('keeps what runs and what is being deployed, however many resets come meanwhile', async () => {
  const first = login.password.reveal();
  const second: string = (await resetNow()).db_password;
  await send(updateEnvironment, 'PUT', { deploy_hook_url: hook.url });
  const held = Promise.withResolvers<http.ServerResponse>();
  hook.answer((response: http.ServerResponse) => held.resolve(response));
  const { id: deploymentId } = (await send(deploy, 'POST')).body.data;
  const response = await held.promise;
  expect((await send(getDeployment, 'GET', {}, { deploymentId })).body.data).toMatchObject({ status: 'deploying', credential_version: 2 });
  const third: string = (await resetNow()).db_password;
  const fourth: string = (await resetNow()).db_password;
  // 1 runs, 2 is being deployed, 4 is for the next deployment; nobody has 3.
  expect(await accepted(first, second, third, fourth)).toEqual([true, true, false, true]);
  const { fetch_token, variables_url } = JSON.parse(hook.received.at(-1)!.body);
  expect(variables_url).toContain(deploymentId);
  const got = await call(variables, { headers: { authorization: `Bearer ${fetch_token}` }, params: { deploymentId } });
  expect(got.body.data.variables.DB_PASSWORD).toBe(second);
  response.writeHead(200).end();
  await vi.waitFor(async () => expect(await accepted(first, second, fourth)).toEqual([false, true, true]), { timeout: 60_000, interval: 100 });
  await deployAs('deployed', { mark_as_deployed: true });
  await vi.waitFor(async () => expect(await accepted(second, fourth)).toEqual([false, true]), { timeout: 60_000, interval: 100 });
}, 180_000);

it('begins a deployment before or after a reset, never within one', async () => {
  const { databaseId } = await db.project.findFirstOrThrow({ where: { organizationId, siteEnvironment: { isNot: null } } });
  await worker.stop();
  const { id: deploymentId } = (await send(deploy, 'POST', { mark_as_deployed: true })).body.data;
  const lock = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  // As a reset that has the login and has not committed: the deployment waits, and then carries nothing of before.
  const resetting = db.$transaction(async (tx) => {
    await lockLogin(tx, databaseId);
    locked.resolve();
    await lock.promise;
  });
  await locked.promise;
  const running = runDeployment(deploymentId, 'wrk_test');
  await vi.waitFor(async () => expect((await db.$queryRaw<unknown[]>`SELECT FROM pg_locks WHERE NOT granted`).length).toBeGreaterThan(0), 60_000);
  expect(await db.deployment.findUniqueOrThrow({ where: { id: deploymentId } })).toMatchObject({ state: 'pending', credentialId: null });
  lock.resolve();
  await Promise.all([resetting, running]);
  expect((await send(getDeployment, 'GET', {}, { deploymentId })).body.data.status).toBe('deployed');
  worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  await worker.ready;
});

it('ends the old password at once where it is known to others, and says what breaks', async () => {
  const first = login.password.reveal();
  expect(await send(reset, 'POST', { retire_now: true })).toMatchObject({ status: 422, body: { errors: { retire_now: [expect.any(String)] } } });
  const { db_password: second, breaks } = await resetNow({ reason: 'compromise', retire_now: true });
  expect(breaks).toMatch(/^The deployment in production uses the old password/);
  expect(await accepted(first, second)).toEqual([false, true]);
}, 180_000);

it('tells a member the new password only where the role reads credentials', async () => {
  const toldTo = async (role: 'admin' | 'operator') => {
    headers = await memberHeaders(organizationId, role);
    const answers = [await send(reset, 'POST'), await send(resetDev, 'POST')];
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { data: { is_done: true } } });
    return answers.flatMap(({ body }) => Object.keys(body.data).filter((field) => field.endsWith('password')));
  };
  const viewed = () => db.auditEvent.count({ where: { organizationId, action: 'project.connection_viewed' } });
  expect(await toldTo('operator')).toEqual([]);
  expect(await viewed()).toBe(0);
  expect((await toldTo('admin')).sort()).toEqual(['database_password', 'db_password', 'db_password', 'dev_db_password']);
  expect(await viewed()).toBe(2);
}, 180_000);

it('answers 400 where no database is configured', async () => {
  await send(createEnvironment, 'POST', { id: 1, name: 'empty' });
  expect(await send(reset, 'POST', {}, { siteId: '12345', environmentId: '1' })).toMatchObject({
    status: 400,
    body: { code: 'no_database', http_status: 400 },
  });
});

itRecords('environment.database_password_reset');
