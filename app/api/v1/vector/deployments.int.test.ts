// Deployments as clients ask for them, with a worker that does them and a hook that may be down, slow or lying.
import type http from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { GET as listJobs } from '#app/api/v1/projects/[projectId]/jobs/route.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { SCOPES } from '#lib/contract/scopes.ts';
import { runDeployment } from '#lib/deployments/run-deployment.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Answer, call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { POST as report } from './deployments/[deploymentId]/report/route.ts';
import { GET as getOne } from './deployments/[deploymentId]/route.ts';
import { GET as variables } from './deployments/[deploymentId]/variables/route.ts';
import { POST as deploy, GET as list } from './environments/[environmentId]/deployments/route.ts';
import { PUT as updateEnvironment } from './environments/[environmentId]/route.ts';
import { POST as addSecret } from './environments/[environmentId]/secrets/route.ts';
import { POST as addGlobal } from './global-secrets/route.ts';
import { PUT as putSecret } from './secrets/[secretId]/route.ts';
import { POST as createEnvironment } from './sites/[siteId]/environments/route.ts';
import { PUT as putSite } from './sites/[siteId]/route.ts';
import { POST as createSite } from './sites/route.ts';

vi.hoisted(() => {
  process.env.REKEY_OUTBOUND_ALLOW = '127.0.0.0/8';
});

let server: TestTarget;
let hook: Receiver;
beforeAll(async () => {
  [server, hook] = await Promise.all([startTarget(), startReceiver()]);
});
afterAll(() => Promise.all([server.stop(), hook.stop()]));

let organizationId: string;
let headers: Record<string, string>;
let password: string;
let environmentId: string;
let hookSecret: string;
const send = (handler: typeof deploy, method: string, params: Record<string, string> = {}, body: unknown = {}): Promise<Answer> =>
  call(handler, { method, headers, params, ...(method !== 'GET' && { body }) });
const prove = async () => {
  for (const { id } of await db.job.findMany({ where: { organizationId, type: 'verify_connection', state: 'queued' } })) await verifyConnection(id, 'wrk_test');
};

beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
  const [dev, prod] = await Promise.all([server.createLogin(newId('usr').toLowerCase()), server.createLogin(newId('usr').toLowerCase())]);
  password = prod.password.reveal();
  const { id: siteId } = (await send(createSite, 'POST', {}, { partner_customer_id: 'c', database: { connection_url: server.urlOf(dev) } })).body.data;
  const body = { name: 'production', database: { connection_url: server.urlOf(prod) }, deploy_hook_url: hook.url };
  const made = (await send(createEnvironment, 'POST', { siteId }, body)).body.data;
  environmentId = made.id;
  hookSecret = made.deploy_hook_secret;
  hook.received.length = 0;
  await prove();
});

const lastCall = () => JSON.parse(hook.received.at(-1)!.body);
const fetchVariables = (token = lastCall().fetch_token, deploymentId = lastCall().deployment_id) =>
  call(variables, { headers: { authorization: `Bearer ${token}` }, params: { deploymentId } });
/** The hook answers with a status, having fetched the variables or not. */
const hookThat = (status: number, { fetches = true } = {}) =>
  hook.answer(async (response: http.ServerResponse) => {
    if (fetches) await fetchVariables();
    response.writeHead(status).end('printed');
  });
const begin = async (body: object = {}) => (await send(deploy, 'POST', { environmentId }, body)).body.data.id as string;
const show = async (deploymentId: string) => (await send(getOne, 'GET', { deploymentId })).body.data;
const run = async (body: object = {}) => {
  const id = await begin(body);
  await runDeployment(id, 'wrk_test');
  return show(id);
};
const events = async () =>
  (await db.event.findMany({ where: { organizationId, type: { startsWith: 'vector.deployment' } }, orderBy: { createdAt: 'asc' } })).map(({ type }) => type);

it('goes by the hook, which fetches the variables once', async () => {
  await send(addGlobal, 'POST', {}, { key: 'SHARED', value: 'global' });
  await send(addGlobal, 'POST', {}, { key: 'ONLY', value: 'everywhere' });
  await send(addSecret, 'POST', { environmentId }, { key: 'SHARED', value: 'of the environment' });
  let got: Answer | undefined;
  let again: Answer | undefined;
  hook.answer(async (response: http.ServerResponse) => {
    [got, again] = [await fetchVariables(), await fetchVariables()];
    response.writeHead(200).end();
  });
  const asked = await send(deploy, 'POST', { environmentId });
  expect(asked).toMatchObject({
    status: 202,
    body: { data: { environment_id: environmentId, status: 'pending', stdout: '', stderr: '', actor: 'test', number: 1 } },
  });
  expect(await send(deploy, 'POST', { environmentId })).toMatchObject({ status: 409, body: { code: 'deployment_in_progress' } });
  const { id } = asked.body.data;
  await runDeployment(id, 'wrk_test');
  expect(await show(id)).toMatchObject({ status: 'deployed', credential_version: 1, error_code: null });
  expect(got).toMatchObject({
    status: 200,
    body: { data: { variables: { SHARED: 'of the environment', ONLY: 'everywhere', DB_PASSWORD: password, DB_NAME: 'postgres' } } },
  });
  expect(again).toMatchObject({ status: 401, body: { message: 'Unauthenticated' } });
  const sent = hook.received.at(-1)!;
  expect(new Webhook(hookSecret).verify(sent.body, sent.headers as Record<string, string>)).toMatchObject({ deployment_id: id });
  for (const value of [password, 'of the environment']) expect(sent.body).not.toContain(value);
  expect(JSON.stringify(await db.deploymentToken.findMany())).not.toContain(lastCall().fetch_token);
  expect(await events()).toEqual(['vector.deployment.started', 'vector.deployment.completed']);
  expect((await send(list, 'GET', { environmentId })).body).toMatchObject({ data: [{ id }], meta: { total: 1 } });
  const { projectId } = await db.siteEnvironment.findUniqueOrThrow({ where: { id: environmentId } });
  const [job] = (await call(listJobs, { headers, params: { projectId: projectId ?? '' } })).body.jobs;
  expect(job).toMatchObject({
    id: asked.body.data.job_id,
    type: 'environment.deploy',
    state: 'completed',
    attempts: 1,
    deployment: { id, number: 1, environment_name: 'production', version: 1 },
  });
  expect(await db.event.findFirstOrThrow({ where: { organizationId, type: 'job.completed', data: { path: ['job_id'], equals: job.id } } })).toMatchObject({
    data: { job_type: 'environment.deploy', deployment_id: id },
  });
  // Over: neither another run nor another worker does anything.
  await runDeployment(id, 'wrk_other');
  expect(hook.received).toHaveLength(1);
});

it.each([
  ['is refused', 502, {}, 'rejected'],
  ['redirects', 302, {}, 'redirected'],
  ['says that it deployed without having fetched', 200, { fetches: false }, 'variables_not_fetched'],
])('fails where the hook %s', async (_, status, how, code) => {
  hookThat(status, how);
  expect(await run()).toMatchObject({ status: 'failed', error_code: code, stderr: expect.stringMatching(/^The deploy hook/) });
  expect(await events()).toEqual(['vector.deployment.started', 'vector.deployment.failed']);
  expect(await db.event.findFirstOrThrow({ where: { organizationId, type: 'vector.deployment.failed' } })).toMatchObject({
    data: {
      id: expect.stringMatching(/^dpl_/),
      status: 'failed',
      stderr: expect.stringMatching(/^The deploy hook/),
      environment_id: environmentId,
      site_id: expect.any(String),
    },
  });
  expect(await db.job.findFirstOrThrow({ where: { organizationId, type: 'deploy' } })).toMatchObject({ state: 'failed', errorCode: code });
});

it('fails where the hook is away, where there is none, and where the password does not log in', async () => {
  await db.siteEnvironment.update({ where: { id: environmentId }, data: { deployHookUrl: 'http://127.0.0.1:1/' } });
  expect(await run()).toMatchObject({ status: 'failed', error_code: 'unreachable' });
  await db.siteEnvironment.update({ where: { id: environmentId }, data: { deployHookUrl: null, hookSecretSealed: null } });
  expect(await run()).toMatchObject({ status: 'failed', error_code: 'no_hook' });
  expect(await run({ mark_as_deployed: true })).toMatchObject({ status: 'deployed' });
  const { database_user: user } = await db.siteEnvironment
    .findUniqueOrThrow({ where: { id: environmentId }, include: { project: { include: { database: true } } } })
    .then((row) => ({ database_user: row.project!.database.roleName }));
  await server.sql(`ALTER ROLE "${user}" PASSWORD 'changed-by-somebody'`);
  expect(await run({ mark_as_deployed: true })).toMatchObject({ status: 'failed', error_code: 'login_refused' });
});

it('waits for a rotation that is live, as long as a deployment may take', async () => {
  const { projectId } = await db.siteEnvironment.findUniqueOrThrow({ where: { id: environmentId } });
  await requestRotation(systemContext(organizationId), projectId ?? '', {});
  // Nobody brings it to its end, as if the server were unreachable.
  await db.database.updateMany({ where: { organizationId, state: 'rotating_credentials' }, data: { state: 'needs_attention' } });
  const id = await begin({ mark_as_deployed: true });
  await runDeployment(id, 'wrk_test');
  expect(await show(id)).toMatchObject({ status: 'pending', credential_version: null });
  await db.deployment.update({ where: { id }, data: { deadlineAt: new Date(0) } });
  await runDeployment(id, 'wrk_test');
  expect(await show(id)).toMatchObject({ status: 'failed', error_code: 'rotation_unsettled' });
  expect(await begin({ mark_as_deployed: true })).toEqual(expect.any(String));
});

it('waits for a hook that reports later, and does not believe what it did not do', async () => {
  const reportAs = (body: object) =>
    call(report, { method: 'POST', headers: { authorization: `Bearer ${lastCall().report_token}` }, params: { deploymentId: lastCall().deployment_id }, body });
  hookThat(202);
  const id = await begin();
  await runDeployment(id, 'wrk_test');
  expect(await show(id)).toMatchObject({ status: 'deploying' });
  await runDeployment(id, 'wrk_test');
  expect(hook.received).toHaveLength(1);
  expect((await reportAs({ status: 'deployed', stdout: `connected with ${password}` })).status).toBe(200);
  expect((await reportAs({ status: 'failed' })).status).toBe(401);
  await runDeployment(id, 'wrk_test');
  expect(await show(id)).toMatchObject({ status: 'deployed', stdout: 'connected with [redacted]' });

  hookThat(202);
  const failed = await begin();
  await runDeployment(failed, 'wrk_test');
  await reportAs({ status: 'failed', stderr: 'no disk' });
  await runDeployment(failed, 'wrk_test');
  expect(await show(failed)).toMatchObject({ status: 'failed', error_code: 'reported', stderr: expect.stringMatching(/^no disk\n/) });

  const silent = await begin();
  await runDeployment(silent, 'wrk_test');
  await db.deployment.update({ where: { id: silent }, data: { deadlineAt: new Date(0), nextAttemptAt: new Date(0) } });
  await runDeployment(silent, 'wrk_test');
  expect(await show(silent)).toMatchObject({ status: 'failed', error_code: 'overdue' });
});

it('shows no secret in the output, also not one that was changed meanwhile', async () => {
  const value = 'p@ss of a secret';
  const { id: secretId } = (await send(addSecret, 'POST', { environmentId }, { key: 'TOKEN', value })).body.data;
  const reported = async (stdout: string, meanwhile = async () => {}) => {
    hookThat(202);
    const id = await begin();
    await runDeployment(id, 'wrk_test');
    await meanwhile();
    const { report_token: token, deployment_id: deploymentId } = lastCall();
    await call(report, { method: 'POST', headers: { authorization: `Bearer ${token}` }, params: { deploymentId }, body: { status: 'deployed', stdout } });
    return (await show(id)).stdout;
  };
  expect(await reported('https://p%40ss%20of%20a%20secret@vendor.example')).toBe('https://[redacted]@vendor.example');
  await db.deployment.updateMany({ where: { organizationId }, data: { nextAttemptAt: new Date(0) } });
  for (const { id } of await db.deployment.findMany({ where: { organizationId } })) await runDeployment(id, 'wrk_test');
  const change = async () => expect(await send(putSecret, 'PUT', { secretId }, { value: 'another value' })).toMatchObject({ status: 200 });
  expect(await reported(`with ${value}`, change)).toBe('The output was not kept: a secret changed during the deployment, and its former value could be in it.');
});

it('lets only keys that may read the password name the hook that fetches it', async () => {
  const { siteId } = await db.siteEnvironment.findUniqueOrThrow({ where: { id: environmentId } });
  headers = await keyHeaders(organizationId, { scopes: SCOPES.filter((scope) => scope !== 'credentials:read') });
  const refused = { status: 403, body: { message: expect.stringContaining('credentials:read') } };
  expect(await send(updateEnvironment, 'PUT', { environmentId }, { deploy_hook_url: `${hook.url}/of-mallory` })).toMatchObject(refused);
  expect(await send(createEnvironment, 'POST', { siteId }, { name: 'of mallory', deploy_hook_url: hook.url })).toMatchObject(refused);
  expect(await send(putSite, 'PUT', { siteId }, { wp_config_path: '/srv/mallory/wp-config.php' })).toMatchObject(refused);
  expect(await send(putSite, 'PUT', { siteId }, { tags: ['mallory'] })).toMatchObject({ status: 200 });
  expect(await send(updateEnvironment, 'PUT', { environmentId }, { deploy_hook_url: null })).toMatchObject({ status: 200 });
});

itRecords('deployment.requested', 'deployment.variables_fetched', 'deployment.failed', 'deployment.completed');
