import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROVIDER_NAMES } from '#lib/contract/providers/providers.ts';
import type { Scope } from '#lib/contract/scopes.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { redeploy as askForDeployment } from '#lib/integrations/redeploy.ts';
import { db } from '#lib/kernel/db.ts';
import { placeAt } from '#scripts/servers/place.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { type Answer, call, keyHeaders, memberHeaders } from '#scripts/testing/call-api.ts';
import { readIntegration } from '#scripts/testing/drive-sync.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { POST as rotate } from './projects/[projectId]/credentials/rotate/route.ts';
import { POST as check } from './projects/[projectId]/integrations/[provider]/check/route.ts';
import { POST as places } from './projects/[projectId]/integrations/[provider]/places/route.ts';
import { POST as redeploy } from './projects/[projectId]/integrations/[provider]/redeploy/route.ts';
import { DELETE, PATCH } from './projects/[projectId]/integrations/[provider]/route.ts';
import { POST as sync } from './projects/[projectId]/integrations/[provider]/sync/route.ts';
import { POST as connectGithub } from './projects/[projectId]/integrations/github/connect/route.ts';
import { POST as connectNetlify } from './projects/[projectId]/integrations/netlify/connect/route.ts';
import { POST as connect, GET } from './projects/[projectId]/integrations/route.ts';
import { POST as connectVercel } from './projects/[projectId]/integrations/vercel/connect/route.ts';
import { GET as getProject } from './projects/[projectId]/route.ts';

const fakes = await vi.hoisted(async () => (await import('#scripts/testing/provider-fakes.ts')).startProviderFakes());
afterAll(() => fakes.stop());

const TARGET = { direct: placeAt(5432, { host: 'db.internal', mode: 'require' }), pooled: placeAt(6432, { host: 'db.internal', mode: 'require' }) };
const ANOTHER_TOKEN = 'vcp_aTokenOfNobody000000000000000000';

let projectId: string;
let organizationId: string;
let headers: Record<string, string>;
beforeEach(async () => {
  const adopted = await adopt({ target: TARGET, login: { user: 'shop', password: new Secret('first') } });
  projectId = adopted.projectId;
  organizationId = adopted.context.organizationId;
  headers = await memberHeaders(organizationId, 'owner');
});

type Handler = typeof GET;
const send = (handler: Handler, method: string, body: unknown = {}, provider = 'vercel'): Promise<Answer> =>
  call(handler, { method, headers, params: { projectId, provider }, ...(method !== 'GET' && { body }) });
const vercelBody = (more: object = {}) => {
  const { token, place } = fakes.vercel;
  return { token, vercel_project_id: place.externalId, team_id: place.accountId, ...more };
};
const list = async () => (await send(GET, 'GET')).body.integrations;
const audited = async () => (await db.auditEvent.findMany({ where: { projectId }, orderBy: { createdAt: 'asc' } })).map(({ action }) => action);
const endSyncs = () => db.sync.updateMany({ where: { organizationId }, data: { finishedAt: new Date() } });

describe('integrations', () => {
  it('are picked from a list, connected, listed without the token, and disconnected', async () => {
    const { status, body: found } = await send(places, 'POST', { token: fakes.vercel.token, search: 'shop' });
    expect(status).toBe(200);
    expect(found.places).toContainEqual({ external_id: fakes.vercel.place.externalId, account_id: fakes.vercel.place.accountId, name: 'shop' });
    expect(found).toMatchObject({ default_targets: ['production'], preview_targets: ['preview'], redeploy_by: ['hook', 'api'] });

    expect(await list()).toEqual([]);
    const made = await send(connectVercel, 'POST', vercelBody({ preview_branches: true }));
    expect(made).toMatchObject({ status: 201, body: { job: { type: 'integration.sync_env', state: 'queued', project_id: projectId, max_attempts: 6 } } });
    const pending = {
      state: 'pending',
      version: null,
      synced_at: null,
      checked_at: null,
      kept_at: null,
      kept_by: null,
      failure_code: null,
      failure: null,
      refusals: [],
    };
    expect(made.body.integration).toEqual({
      id: expect.stringMatching(/^itg_/),
      organization_id: organizationId,
      project_id: projectId,
      provider: 'vercel',
      external_id: fakes.vercel.place.externalId,
      account_id: fakes.vercel.place.accountId,
      name: 'shop',
      state: 'pending',
      has_credentials: true,
      config: {
        variables: [
          { name: 'DATABASE_URL', value: 'pooled_url' },
          { name: 'DATABASE_URL_UNPOOLED', value: 'direct_url' },
        ],
        targets: ['preview', 'production'],
        preview_branches: true,
        redeploy: 'manual',
        has_deploy_hook: false,
        workflow: null,
        ref: null,
      },
      targets: [
        { target: 'preview', ...pending },
        { target: 'production', ...pending },
      ],
      can_redeploy: true,
      redeployment: null,
      check_failure_code: null,
      check_failure: null,
      overrides: [],
      rotation_warning: null,
      sync: { job_id: made.body.job.id, attempts: 0, max_attempts: 6, next_attempt_at: expect.any(String) },
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await list()).toEqual([made.body.integration]);
    // An attempt in progress has not ended.
    await db.sync.updateMany({ where: { jobId: made.body.job.id }, data: { attempts: 1, claimedBy: 'wrk_1' } });
    expect(await list()).toMatchObject([{ sync: { attempts: 0 } }]);
    const row = await db.integration.findFirstOrThrow({ where: { projectId } });
    expect(JSON.stringify([row, found, made.body, await db.auditEvent.findMany({ where: { projectId } })])).not.toContain(fakes.vercel.token);
    expect((await send(connectVercel, 'POST', vercelBody())).body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('already') });

    expect(await send(DELETE, 'DELETE')).toMatchObject({ status: 200, body: { deleted: true } });
    expect(await list()).toEqual([]);
    expect((await send(DELETE, 'DELETE')).status).toBe(404);
    expect(await audited()).toEqual(['project.integration_connected', 'project.integration_disconnected']);
    expect(fakes.violations()).toEqual([]);
  });

  it('of Netlify and GitHub are connected by the id of a site and by the name of a repository', async () => {
    const netlify = await send(connectNetlify, 'POST', { token: fakes.netlify.token, site_id: fakes.netlify.place.externalId });
    expect(netlify).toMatchObject({ status: 201, body: { integration: { provider: 'netlify', account_id: fakes.netlify.place.accountId } } });
    const github = await send(connectGithub, 'POST', { token: fakes.github.token, repository: fakes.github.place.externalId });
    expect(github).toMatchObject({ status: 201, body: { integration: { provider: 'github', name: fakes.github.place.externalId, can_redeploy: false } } });
    expect((await list()).map(({ provider }: { provider: string }) => provider)).toEqual(['netlify', 'github']);
  });

  it.each(PROVIDER_NAMES)('of %s are connected by the place that the list names', async (provider) => {
    const { token, place } = fakes[provider];
    const body = { provider, token, external_id: place.externalId, account_id: place.accountId };
    const refused = await send(connect, 'POST', { ...body, external_id: `${place.externalId}-gone` }, provider);
    expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed', errors: { external_id: [expect.any(String)] } } });
    expect(await send(connect, 'POST', body, provider)).toMatchObject({
      status: 201,
      body: { integration: { provider, external_id: place.externalId, account_id: place.accountId }, job: { type: 'integration.sync_env' } },
    });
    expect(await audited()).toEqual(['project.integration_connected']);
  });

  it.each([
    ['a token that is refused', { token: ANOTHER_TOKEN }, 'token'],
    ['a project that is not there', { vercel_project_id: 'prj_none' }, 'vercel_project_id'],
    ['a target that is none', { targets: ['staging'] }, 'targets'],
    ['a name that is none', { variables: [{ name: '1st', value: 'direct_url' }] }, 'variables.0.name'],
    ['a value that is none', { variables: [{ name: 'A', value: 'token' }] }, 'variables.0.value'],
    ['the same name twice', { variables: [1, 2].map(() => ({ name: 'A', value: 'direct_url' })) }, 'variables'],
    ['a hook that is no address', { deploy_hook_url: 'file:///etc/passwd' }, 'deploy_hook_url'],
  ])('are not connected with %s: the field is named', async (_, wrong, field) => {
    const { status, body } = await send(connectVercel, 'POST', vercelBody(wrong));
    expect({ status, fields: Object.keys(body.errors) }).toEqual({ status: 422, fields: [field] });
    expect(await list()).toEqual([]);
  });

  it('are not connected while the provider does not answer', async () => {
    fakes.vercel.fail({ kind: 'answer', status: 503 });
    expect(await send(connectVercel, 'POST', vercelBody())).toMatchObject({
      status: 502,
      body: { code: 'provider_failed', detail: expect.stringContaining('Nothing was changed') },
    });
  });

  it('are synced by hand, one sync at a time', async () => {
    expect((await send(sync, 'POST')).status).toBe(404);
    const { body: made } = await send(connectVercel, 'POST', vercelBody());
    expect(await send(sync, 'POST')).toMatchObject({ status: 409, body: { code: 'job_in_progress', job_id: made.job.id } });
    await endSyncs();
    const asked = await Promise.all(Array.from({ length: 8 }, () => send(sync, 'POST')));
    expect(asked.map(({ status }) => status).toSorted()).toEqual([202, ...Array.from({ length: 7 }, () => 409)]);
    expect((await audited()).filter((action) => action === 'project.integration_sync_requested')).toHaveLength(1);
  });

  it('are changed in what is given; only what is written there is followed by a sync', async () => {
    const { body: made } = await send(connectVercel, 'POST', vercelBody({ redeploy: 'automatic' }));
    await endSyncs();
    const quiet = await send(PATCH, 'PATCH', { redeploy: 'manual', deploy_hook_url: fakes.vercel.hookUrl(fakes.vercel.place.externalId) });
    expect(quiet).toMatchObject({ status: 200, body: { job: null, integration: { config: { redeploy: 'manual', has_deploy_hook: true } } } });

    const variables = [{ name: 'DATABASE_URL', value: 'direct_url' }];
    const changed = await send(PATCH, 'PATCH', { variables, targets: ['development'] });
    expect(changed.body.integration).toMatchObject({ config: { variables, targets: ['development'] }, targets: [{ target: 'development', state: 'pending' }] });
    expect(changed.body.job).toMatchObject({ type: 'integration.sync_env', state: 'queued' });
    // What is in progress begins anew: no second one.
    const again = await send(PATCH, 'PATCH', { token: fakes.vercel.readOnlyToken, preview_branches: true });
    expect(again.body).toMatchObject({ job: { id: changed.body.job.id }, integration: { config: { targets: ['development', 'preview'] } } });

    const { tokenVersion, revision, ...row } = await readIntegration(made.integration.id);
    expect({ tokenVersion, revision }).toEqual({ tokenVersion: 2, revision: 3 });
    expect(JSON.stringify([row, changed.body])).not.toMatch(/fakeToken|integrations\/deploy/);
    expect((await send(PATCH, 'PATCH', { token: ANOTHER_TOKEN })).body).toMatchObject({ status: 422, errors: { token: [expect.stringContaining('refused')] } });
    expect((await send(PATCH, 'PATCH', { targets: [] })).status).toBe(422);
  });
});

it('lets only keys that may read the password choose where it is written', async () => {
  const withScopes = async (scopes: Scope[]) => {
    headers = await keyHeaders(organizationId, { scopes });
  };
  const refused = { status: 403, body: { detail: expect.stringContaining('credentials:read') } };
  await withScopes(['projects:read', 'integrations:manage']);
  expect(await send(connectVercel, 'POST', vercelBody())).toMatchObject(refused);
  expect(await list()).toEqual([]);
  await withScopes(['projects:read', 'integrations:manage', 'credentials:read']);
  expect(await send(connectVercel, 'POST', vercelBody())).toMatchObject({ status: 201 });
  await withScopes(['projects:read', 'integrations:manage']);
  const variables = [{ name: 'NEXT_PUBLIC_URL', value: 'direct_url' }];
  for (const body of [{ variables }, { targets: ['development'] }, { preview_branches: true }]) expect(await send(PATCH, 'PATCH', body)).toMatchObject(refused);
  expect(await send(PATCH, 'PATCH', { redeploy: 'manual' })).toMatchObject({ status: 200 });
});

describe('a deployment', () => {
  const ask = async () => {
    const { id } = await db.redeployment.findFirstOrThrow({ where: { integration: { projectId }, finishedAt: null } });
    await db.redeployment.update({ where: { id }, data: { nextAttemptAt: new Date(0) } });
    await askForDeployment(id, 'wrk_test', { clock: () => new Date(), random: () => 0.5 });
    const [one] = await list();
    return one.redeployment;
  };

  it('is begun by the hook where there is one, once', async () => {
    await send(connectVercel, 'POST', vercelBody({ deploy_hook_url: fakes.vercel.hookUrl(fakes.vercel.place.externalId) }));
    expect(await send(redeploy, 'POST')).toMatchObject({ status: 202, body: { integration: { redeployment: { state: 'requested', version: 1 } } } });
    expect((await send(redeploy, 'POST')).status).toBe(409);
    expect(await ask()).toMatchObject({ state: 'started', version: 1, external_id: expect.any(String), failure: null });
    expect(fakes.vercel.deployments.at(-1)).toMatchObject({ place: fakes.vercel.place.externalId, by: 'hook' });
    expect(await audited()).toEqual(['project.integration_connected', 'project.integration_redeploy_requested', 'project.integration_redeployed']);
  });

  it('of Netlify is a build, and is asked for again where Netlify is away', async () => {
    await send(connectNetlify, 'POST', { token: fakes.netlify.token, site_id: fakes.netlify.place.externalId });
    await send(redeploy, 'POST', {}, 'netlify');
    fakes.netlify.fail({ kind: 'answer', status: 503 });
    expect(await ask()).toMatchObject({ state: 'requested', failure_code: 'provider_failed', failure: expect.stringContaining('retries automatically') });
    expect(await ask()).toMatchObject({ state: 'started', failure: null });
    expect(fakes.netlify.deployments.at(-1)).toMatchObject({ place: fakes.netlify.place.externalId, by: 'api' });
  });

  it('of GitHub is a workflow that has to be named; a wrong one fails and says so', async () => {
    await send(connectGithub, 'POST', { token: fakes.github.token, repository: fakes.github.place.externalId });
    expect(await send(redeploy, 'POST', {}, 'github')).toMatchObject({ status: 409, body: { detail: expect.stringContaining('workflow') } });
    expect(await send(PATCH, 'PATCH', { redeploy: 'automatic' }, 'github')).toMatchObject({
      status: 422,
      body: { errors: { redeploy: [expect.stringContaining('workflow')] } },
    });
    await send(PATCH, 'PATCH', { workflow: 'none.yml', redeploy: 'automatic' }, 'github');
    await send(redeploy, 'POST', {}, 'github');
    expect(await ask()).toMatchObject({ state: 'failed', failure_code: 'deployment_refused' });
    await send(PATCH, 'PATCH', { workflow: 'deploy.yml', ref: 'main' }, 'github');
    await send(redeploy, 'POST', {}, 'github');
    expect(await ask()).toMatchObject({ state: 'started' });
    expect(fakes.github.deployments.at(-1)).toMatchObject({ by: 'api', body: { ref: 'main' } });
    expect(fakes.violations()).toEqual([]);
  });
});

describe('targets of one place', () => {
  it('are listed with what they hold, chosen, and listed again with the token of the integration', async () => {
    const { externalId } = fakes.github.addPlace('environments');
    fakes.github.addEnvironment(externalId, 'production');
    fakes.github.hold(externalId, ['environment:production'], 'DATABASE_URL', 'by hand');
    fakes.github.share(externalId, 'DATABASE_URL');
    const own = {
      places: [{ external_id: externalId }],
      targets: ['actions'],
      own_targets: [{ target: 'environment:production', variables: ['DATABASE_URL'], over: ['actions'] }],
      inherited: [{ from: 'organization', variables: ['DATABASE_URL'] }],
    };
    const { token } = fakes.github;
    expect(await send(places, 'POST', { token, external_id: externalId }, 'github')).toMatchObject({ status: 200, body: own });
    expect((await send(places, 'POST', { token }, 'github')).body.own_targets).toEqual([]);
    expect(await send(places, 'POST', { token, external_id: 'acme/gone' }, 'github')).toMatchObject({
      status: 422,
      body: { errors: { external_id: [expect.any(String)] } },
    });
    // Without a token there is nothing to ask with yet.
    expect(await send(places, 'POST', {}, 'github')).toMatchObject({ status: 404 });

    const targets = ['actions', 'environment:production'];
    expect((await send(connectGithub, 'POST', { token, repository: externalId, targets }, 'github')).body.integration.config.targets).toEqual(targets);
    expect(await send(PATCH, 'PATCH', { targets: ['branch:main'] }, 'github')).toMatchObject({
      status: 422,
      body: { errors: { targets: [expect.any(String)] } },
    });
    // The token of an integration tells of its own place alone.
    expect(await send(places, 'POST', { external_id: fakes.github.place.externalId }, 'github')).toMatchObject({ status: 200, body: own });
    expect(fakes.violations()).toEqual([]);
  });
});

describe('before a rotation', () => {
  it('an integration that is failing is a warning of the project, of the integration and of the answer', async () => {
    const { id } = (await send(connectVercel, 'POST', vercelBody())).body.integration;
    const project = async () => (await call(getProject, { method: 'GET', headers, params: { projectId } })).body.project;
    expect((await project()).warnings).toEqual([]);
    await db.integrationTarget.updateMany({ where: { integrationId: id }, data: { state: 'failed', failureCode: 'token_refused' } });

    const message = expect.stringMatching(/^Vercel, shop: could not update production\. The provider refused the token.* Fix it before you rotate/);
    const warning = { code: 'integration_failing', message };
    expect((await list())[0].rotation_warning).toEqual(warning);
    const warnings = [{ ...warning, project_id: projectId, integration_id: id }];
    expect((await project()).warnings).toEqual(warnings);
    const rotated = await call(rotate, { method: 'POST', headers, params: { projectId }, body: {} });
    expect(rotated).toMatchObject({ status: 202, body: { job: { type: 'project.rotate_credentials' }, warnings } });
  });
});

describe('a secret that wins over the one that Rekey writes', () => {
  it('is named before a rotation until its target is chosen or it is gone', async () => {
    const { externalId } = fakes.github.addPlace('winning');
    fakes.github.addEnvironment(externalId, 'production');
    fakes.github.hold(externalId, ['environment:production'], 'DATABASE_URL', 'by hand');
    await send(connectGithub, 'POST', { token: fakes.github.token, repository: externalId }, 'github');
    const { id } = (await list())[0];
    expect((await list())[0]).toMatchObject({
      overrides: [{ target: 'environment:production', variables: ['DATABASE_URL'] }],
      rotation_warning: { code: 'integration_overridden', message: expect.stringContaining('environment:production holds its own DATABASE_URL') },
    });
    const targets = ['actions', 'environment:production'];
    expect(await send(PATCH, 'PATCH', { targets }, 'github')).toMatchObject({ status: 200, body: { integration: { overrides: [], rotation_warning: null } } });

    // One that comes later is seen by the next check, as one that is gone.
    await send(PATCH, 'PATCH', { targets: ['actions'] }, 'github');
    await db.sync.updateMany({ where: { integrationId: id }, data: { finishedAt: new Date() } });
    fakes.github.addEnvironment(externalId, 'production');
    fakes.github.addEnvironment(externalId, 'staging');
    fakes.github.hold(externalId, ['environment:staging'], 'DATABASE_URL_UNPOOLED', 'by hand');
    const { updatedAt } = await db.integration.findUniqueOrThrow({ where: { id } });
    expect((await send(check, 'POST', undefined, 'github')).body.integration.overrides).toEqual([
      { target: 'environment:staging', variables: ['DATABASE_URL_UNPOOLED'] },
    ]);
    expect((await db.integration.findUniqueOrThrow({ where: { id } })).updatedAt).toEqual(updatedAt);
    expect(fakes.violations()).toEqual([]);
  });
});

itRecords(
  'project.integration_connected',
  'project.integration_disconnected',
  'project.integration_updated',
  'project.integration_sync_requested',
  'project.integration_redeploy_requested',
  'project.integration_redeploy_failed',
  'project.integration_redeployed',
);
