// A deployment that "failed" may be what runs: on a real MariaDB, which versions of a password still log in then.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { mysql } from '#lib/engines/mysql.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { retireDue } from '#lib/rotation/request/request-retirement.ts';
import { loadEnvironment } from '#lib/sites/environments.ts';
import { hookColumns } from '#lib/sites/hook-secret.ts';
import { environmentToWire } from '#lib/sites/to-wire.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { attemptAll, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { requestDeployment } from './deployments.ts';
import { fetchVariables } from './fetch-variables.ts';
import { runDeployment } from './run-deployment.ts';

vi.hoisted(() => {
  process.env.REKEY_OUTBOUND_ALLOW = '127.0.0.0/8';
});

let server: MariadbTarget;
let hook: Receiver;
beforeAll(async () => {
  [server, hook] = await Promise.all([startMariadbTarget(), startReceiver()]);
});
afterAll(() => Promise.all([server.stop(), hook.stop()]));

let adopted: Adopted;
let environmentId: string;
let versions: Login[];
beforeEach(async () => {
  const login = await server.createLogin(newId('usr').toLowerCase());
  adopted = await adopt({ engine: 'mysql', target: server.target, login, rotator: await server.createRotator(newId('rot').toLowerCase()) });
  versions = [login];
  environmentId = await createEnvironment(adopted.projectId);
  hook.received.length = 0;
});

async function createEnvironment(projectId: string): Promise<string> {
  const { organizationId } = adopted.context;
  const site = await db.site.create({ data: { id: newId('sit'), organizationId, partnerCustomerId: 'c', projectId: await siteProject() } });
  const key = { id: newId('env'), organizationId, hookSecretVersion: 0 };
  const { columns } = await hookColumns(key, hook.url);
  await db.siteEnvironment.create({ data: { ...key, siteId: site.id, name: 'production', projectId, ...columns } });
  return key.id;
}

/** A site has a development database of its own. */
async function siteProject(): Promise<string> {
  const login = await server.createLogin(newId('usr').toLowerCase());
  return (await adopt({ engine: 'mysql', target: server.target, login, organizationId: adopted.context.organizationId })).projectId;
}

const reset = async () => {
  expect(await rotate(adopted, { retirement: 'on_deploy' })).toMatchObject({ state: 'completed' });
  versions.push(await storedLogin(adopted));
};
/** Which versions log in, by their numbers. */
const valid = async (): Promise<number[]> => {
  const verdicts = await Promise.all(versions.map(async (login) => (await mysql.probe(server.target, 'direct', login)).verdict));
  return verdicts.flatMap((verdict, i) => (verdict === 'accepted' ? [i + 1] : []));
};
const told = async () => environmentToWire(await loadEnvironment(adopted.context, { environmentId })).valid_passwords;

/** A deployment that fetches its variables, or not, and ends as the hook says; `ends` by a time that has passed. */
async function deploy({
  fetches = true,
  status = 200,
  ends = 'answer',
  environment = environmentId,
}: {
  fetches?: boolean;
  status?: number;
  ends?: 'answer' | 'deadline';
  environment?: string;
} = {}) {
  hook.answer(async (response) => {
    const { deployment_id: id, fetch_token: token } = JSON.parse(hook.received.at(-1)!.body);
    if (fetches) await fetchVariables({}, id, token);
    response.writeHead(ends === 'deadline' ? 202 : status).end();
  });
  const { id } = await requestDeployment(adopted.context, { environmentId: environment }, {});
  await runDeployment(id, 'wrk_test');
  if (ends === 'deadline') {
    await db.deployment.update({ where: { id }, data: { deadlineAt: new Date(0), nextAttemptAt: new Date(0) } });
    await runDeployment(id, 'wrk_test');
  }
  await retireDue(adopted.databaseId).then((job) => job && endRetirement(job.jobId));
  return db.deployment.findUniqueOrThrow({ where: { id } });
}

const endRetirement = async (jobId: string) => attemptAll((await db.rotation.findUniqueOrThrow({ where: { jobId } })).id);

describe('a version that a deployment fetched', () => {
  it.each([
    ['answered with 500', { status: 500 }],
    ['never reported its end', { ends: 'deadline' as const }],
  ])('stays valid after the deployment %s, until one stands', async (_name, how) => {
    await reset();
    expect(await deploy(how)).toMatchObject({ state: 'failed' });
    await reset();
    expect(await valid()).toEqual([1, 2, 3]);
    expect(await told()).toMatchObject([
      { version: 1, why: 'running' },
      { version: 2, why: 'fetched', reason: expect.stringContaining('deployment 1 fetched it before it failed') },
      { version: 3, why: 'current' },
    ]);
    expect(await deploy()).toMatchObject({ state: 'deployed' });
    expect(await valid()).toEqual([3]);
  });

  it('stays valid through any number of failures and resets', async () => {
    for (let i = 0; i < 3; i++) {
      await reset();
      await deploy({ status: 502 });
    }
    await reset();
    expect(await valid()).toEqual([1, 2, 3, 4, 5]);
    await deploy();
    expect(await valid()).toEqual([5]);
  });

  it('stays valid while another environment of the login deploys', async () => {
    const { organizationId } = adopted.context;
    const second = { id: newId('prj'), organizationId, databaseId: adopted.databaseId, databaseName: 'shop', name: 'again', slug: newId('prj').toLowerCase() };
    await db.project.create({ data: second });
    const other = await createEnvironment(second.id);
    await deploy();
    await deploy({ environment: other });
    await reset();
    expect(await deploy({ status: 500 })).toMatchObject({ state: 'failed' });
    await reset();
    expect(await deploy({ environment: other })).toMatchObject({ state: 'deployed' });
    // The first environment runs version 1, or 2, which its deployment fetched before it failed.
    expect(await valid()).toEqual([1, 2, 3]);
    expect(await deploy()).toMatchObject({ state: 'deployed' });
    expect(await valid()).toEqual([3]);
  });
});

it('ends a version that nobody fetched with the next reset', async () => {
  await reset();
  expect(await deploy({ fetches: false, status: 500 })).toMatchObject({ state: 'failed' });
  await reset();
  expect(await valid()).toEqual([1, 3]);
});
