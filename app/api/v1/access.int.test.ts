import { beforeAll, describe, expect, it } from 'vitest';
import type { MemberRole } from '#generated/prisma/enums.ts';
import { SCOPES, type Scope } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import { call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import * as job from './jobs/[jobId]/route.ts';
import * as live from './live/route.ts';
import * as me from './me/route.ts';
import * as apiKey from './organizations/[organizationId]/api-keys/[keyId]/route.ts';
import * as apiKeys from './organizations/[organizationId]/api-keys/route.ts';
import * as organizationAudit from './organizations/[organizationId]/audit-events/route.ts';
import * as organization from './organizations/[organizationId]/route.ts';
import * as redeliver from './organizations/[organizationId]/webhook-endpoints/[endpointId]/deliveries/[deliveryId]/redeliver/route.ts';
import * as deliveries from './organizations/[organizationId]/webhook-endpoints/[endpointId]/deliveries/route.ts';
import * as rotateSecret from './organizations/[organizationId]/webhook-endpoints/[endpointId]/rotate-secret/route.ts';
import * as webhook from './organizations/[organizationId]/webhook-endpoints/[endpointId]/route.ts';
import * as testWebhook from './organizations/[organizationId]/webhook-endpoints/[endpointId]/test/route.ts';
import * as webhooks from './organizations/[organizationId]/webhook-endpoints/route.ts';
import * as projectAudit from './projects/[projectId]/audit-events/route.ts';
import * as connections from './projects/[projectId]/connections/route.ts';
import * as consumer from './projects/[projectId]/consumers/[consumerId]/route.ts';
import * as consumers from './projects/[projectId]/consumers/route.ts';
import * as rotate from './projects/[projectId]/credentials/rotate/route.ts';
import * as places from './projects/[projectId]/integrations/[provider]/places/route.ts';
import * as redeploy from './projects/[projectId]/integrations/[provider]/redeploy/route.ts';
import * as integration from './projects/[projectId]/integrations/[provider]/route.ts';
import * as syncIntegration from './projects/[projectId]/integrations/[provider]/sync/route.ts';
import * as connectGithub from './projects/[projectId]/integrations/github/connect/route.ts';
import * as connectNetlify from './projects/[projectId]/integrations/netlify/connect/route.ts';
import * as integrations from './projects/[projectId]/integrations/route.ts';
import * as connectVercel from './projects/[projectId]/integrations/vercel/connect/route.ts';
import * as taskDone from './projects/[projectId]/jobs/[jobId]/tasks/[taskId]/done/route.ts';
import * as jobs from './projects/[projectId]/jobs/route.ts';
import * as project from './projects/[projectId]/route.ts';
import * as sessions from './projects/[projectId]/sessions/route.ts';
import * as verify from './projects/[projectId]/verify/route.ts';
import * as projects from './projects/route.ts';

const ROLES: MemberRole[] = ['owner', 'admin', 'operator', 'viewer'];

const CONSUMERS = { from: 'operator', scope: 'projects:write', foreign: 'project' } as const;
const TASKS = { from: 'operator', scope: 'credentials:rotate', foreign: 'project' } as const;
const INTEGRATIONS = { from: 'admin', scope: 'integrations:manage', foreign: 'project' } as const;
const WEBHOOKS = { from: 'admin', scope: 'webhooks:manage', foreign: 'organization' } as const;

/** Every route that asks for a login: who may, with which scope. */
const TABLE: {
  name: string;
  handler: typeof me.GET;
  method?: string;
  from: MemberRole;
  scope: Scope | null;
  foreign: 'organization' | 'project' | 'job' | null;
  /** A good one, where an empty one is refused before the address is looked at. */
  body?: object;
}[] = [
  { name: 'GET /me', handler: me.GET, from: 'viewer', scope: null, foreign: null },
  { name: 'GET /organizations/{id}', handler: organization.GET, from: 'viewer', scope: null, foreign: 'organization' },
  { name: 'GET /organizations/{id}/audit-events', handler: organizationAudit.GET, from: 'viewer', scope: 'audit:read', foreign: 'organization' },
  { name: 'GET /organizations/{id}/api-keys', handler: apiKeys.GET, from: 'admin', scope: 'api-keys:manage', foreign: 'organization' },
  { name: 'POST /organizations/{id}/api-keys', handler: apiKeys.POST, method: 'POST', from: 'admin', scope: 'api-keys:manage', foreign: 'organization' },
  {
    name: 'DELETE /organizations/{id}/api-keys/{id}',
    handler: apiKey.DELETE,
    method: 'DELETE',
    from: 'admin',
    scope: 'api-keys:manage',
    foreign: 'organization',
  },
  { name: 'GET …/webhook-endpoints', handler: webhooks.GET, ...WEBHOOKS },
  { name: 'POST …/webhook-endpoints', handler: webhooks.POST, method: 'POST', ...WEBHOOKS },
  { name: 'PATCH …/webhook-endpoints/{id}', handler: webhook.PATCH, method: 'PATCH', ...WEBHOOKS },
  { name: 'DELETE …/webhook-endpoints/{id}', handler: webhook.DELETE, method: 'DELETE', ...WEBHOOKS },
  { name: 'POST …/webhook-endpoints/{id}/rotate-secret', handler: rotateSecret.POST, method: 'POST', ...WEBHOOKS },
  { name: 'GET …/webhook-endpoints/{id}/deliveries', handler: deliveries.GET, ...WEBHOOKS },
  { name: 'POST …/webhook-endpoints/{id}/test', handler: testWebhook.POST, method: 'POST', ...WEBHOOKS },
  { name: 'POST …/deliveries/{id}/redeliver', handler: redeliver.POST, method: 'POST', ...WEBHOOKS },
  { name: 'GET /projects', handler: projects.GET, from: 'viewer', scope: 'projects:read', foreign: null },
  { name: 'POST /projects', handler: projects.POST, method: 'POST', from: 'admin', scope: 'projects:write', foreign: null },
  { name: 'GET /projects/{id}', handler: project.GET, from: 'viewer', scope: 'projects:read', foreign: 'project' },
  { name: 'PATCH /projects/{id}', handler: project.PATCH, method: 'PATCH', from: 'admin', scope: 'projects:write', foreign: 'project' },
  { name: 'DELETE /projects/{id}', handler: project.DELETE, method: 'DELETE', from: 'admin', scope: 'projects:write', foreign: 'project' },
  { name: 'POST /projects/{id}/credentials/rotate', handler: rotate.POST, method: 'POST', from: 'operator', scope: 'credentials:rotate', foreign: 'project' },
  { name: 'POST /projects/{id}/verify', handler: verify.POST, method: 'POST', from: 'operator', scope: 'projects:read', foreign: 'project' },
  { name: 'GET /projects/{id}/jobs', handler: jobs.GET, from: 'viewer', scope: 'projects:read', foreign: 'project' },
  { name: 'GET /projects/{id}/connections', handler: connections.GET, from: 'operator', scope: 'credentials:read', foreign: 'project' },
  { name: 'GET …/integrations', handler: integrations.GET, from: 'viewer', scope: 'projects:read', foreign: 'project' },
  { name: 'PATCH …/integrations/{provider}', handler: integration.PATCH, method: 'PATCH', ...INTEGRATIONS },
  { name: 'DELETE …/integrations/{provider}', handler: integration.DELETE, method: 'DELETE', ...INTEGRATIONS },
  { name: 'POST …/integrations/{provider}/places', handler: places.POST, method: 'POST', ...INTEGRATIONS, body: { token: 't' } },
  {
    name: 'POST …/integrations/vercel/connect',
    handler: connectVercel.POST,
    method: 'POST',
    ...INTEGRATIONS,
    body: { token: 't', vercel_project_id: 'prj_1' },
  },
  { name: 'POST …/integrations/netlify/connect', handler: connectNetlify.POST, method: 'POST', ...INTEGRATIONS, body: { token: 't', site_id: '1' } },
  { name: 'POST …/integrations/github/connect', handler: connectGithub.POST, method: 'POST', ...INTEGRATIONS, body: { token: 't', repository: 'acme/shop' } },
  { name: 'POST …/integrations/{provider}/sync', handler: syncIntegration.POST, method: 'POST', ...INTEGRATIONS, from: 'operator', scope: 'integrations:sync' },
  { name: 'POST …/integrations/{provider}/redeploy', handler: redeploy.POST, method: 'POST', ...INTEGRATIONS, from: 'operator', scope: 'integrations:sync' },
  { name: 'GET /projects/{id}/audit-events', handler: projectAudit.GET, from: 'viewer', scope: 'audit:read', foreign: 'project' },
  { name: 'GET /projects/{id}/sessions', handler: sessions.GET, from: 'viewer', scope: 'projects:read', foreign: 'project' },
  { name: 'GET /projects/{id}/consumers', handler: consumers.GET, from: 'viewer', scope: 'projects:read', foreign: 'project' },
  { name: 'POST /projects/{id}/consumers', handler: consumers.POST, method: 'POST', ...CONSUMERS, body: { name: 'CI', kind: 'ci_secret' } },
  { name: 'PATCH /projects/{id}/consumers/{id}', handler: consumer.PATCH, method: 'PATCH', ...CONSUMERS },
  { name: 'DELETE /projects/{id}/consumers/{id}', handler: consumer.DELETE, method: 'DELETE', ...CONSUMERS },
  { name: 'POST …/jobs/{id}/tasks/{id}/done', handler: taskDone.POST, method: 'POST', ...TASKS },
  { name: 'DELETE …/jobs/{id}/tasks/{id}/done', handler: taskDone.DELETE, method: 'DELETE', ...TASKS },
  { name: 'GET /jobs/{id}', handler: job.GET, from: 'viewer', scope: 'projects:read', foreign: 'job' },
];

let ours: string;
let theirs: { organizationId: string; projectId: string; jobId: string; keyId: string; consumerId: string; taskId: string };

beforeAll(async () => {
  ours = await makeOrganization();
  const organizationId = await makeOrganization();
  const headers = await keyHeaders(organizationId);
  const { body } = await call(projects.POST, { method: 'POST', headers, body: { name: 'Theirs', connection_url: 'postgres://app:p@127.0.0.1:1/d' } });
  const common = { organizationId, projectId: body.project.id, name: 'Nightly report', kind: 'cron_job' } as const;
  const { id: consumerId } = await db.consumer.create({ data: { id: newId('con'), ...common } });
  const { id: keyId } = await db.apiKey.findFirstOrThrow({ where: { organizationId } });
  theirs = { organizationId, projectId: body.project.id, jobId: body.job.id, keyId, consumerId, taskId: newId('tsk') };
});

/** Ids that exist nowhere: who may pass is told 404 or 422, who may not 403. */
const nowhere = () => ({
  organizationId: ours,
  projectId: newId('prj'),
  jobId: newId('job'),
  keyId: newId('key'),
  consumerId: newId('con'),
  taskId: newId('tsk'),
  endpointId: newId('whe'),
  provider: 'vercel',
  deliveryId: newId('dlv'),
});
const sent = (method = 'GET', body: object = {}) => ({ method, ...(method !== 'GET' && { body }) });

describe.each(TABLE)('$name', ({ handler, method, from, scope }) => {
  it('is for nobody who is not signed in', async () => {
    expect((await call(handler, { ...sent(method), params: nowhere() })).status).toBe(401);
  });

  it.each(ROLES)('lets in or turns away the %s', async (role) => {
    const { status, body } = await call(handler, { ...sent(method), params: nowhere(), headers: await memberHeaders(ours, role) });
    const mayPass = ROLES.indexOf(role) <= ROLES.indexOf(from);
    expect(status === 403).toBe(!mayPass);
    if (!mayPass) expect(body.detail).toContain(`yours is ${role}`);
    expect(status).toBeLessThan(500);
  });

  it('lets in keys by their scope alone', async () => {
    const all = await keyHeaders(ours);
    expect((await call(handler, { ...sent(method), params: nowhere(), headers: all })).status).not.toBe(403);
    if (scope === null) return;
    const allBut = await keyHeaders(ours, { scopes: SCOPES.filter((one) => one !== scope) });
    expect(await call(handler, { ...sent(method), params: nowhere(), headers: allBut })).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining(scope) },
    });
  });
});

describe.each(TABLE.filter(({ foreign }) => foreign !== null))('$name', ({ handler, method, foreign, body }) => {
  it('does not know another organization’s', async () => {
    const params = foreign === 'organization' ? theirs : { ...theirs, organizationId: ours, provider: 'vercel' };
    for (const headers of [await memberHeaders(ours, 'owner'), await keyHeaders(ours)]) {
      expect(await call(handler, { ...sent(method, body), params, headers })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });
});

it('another organization’s key cannot be revoked under our own address', async () => {
  const headers = await memberHeaders(ours, 'owner');
  expect((await call(apiKey.DELETE, { method: 'DELETE', headers, params: { organizationId: ours, keyId: theirs.keyId } })).status).toBe(404);
  expect((await db.apiKey.findUniqueOrThrow({ where: { id: theirs.keyId } })).revokedAt).toBeNull();
});

it('the live stream is for people', async () => {
  expect((await call(live.GET)).status).toBe(401);
  expect((await call(live.GET, { headers: await keyHeaders(ours) })).status).toBe(403);
});
