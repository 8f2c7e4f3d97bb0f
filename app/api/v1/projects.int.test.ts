import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { openRotator } from '#lib/logins/seal-rotator.ts';
import { call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { GET as getJob } from './jobs/[jobId]/route.ts';
import { GET as viewConnections } from './projects/[projectId]/connections/route.ts';
import { POST as rotate } from './projects/[projectId]/credentials/rotate/route.ts';
import { GET as listJobs } from './projects/[projectId]/jobs/route.ts';
import { DELETE, GET as getProject, PATCH } from './projects/[projectId]/route.ts';
import { POST as verify } from './projects/[projectId]/verify/route.ts';
import { GET, POST } from './projects/route.ts';

const DIRECT = 'postgresql://app:s3cret-p%40ss@db.example.com:5433/orders?sslmode=require';
const POOLED = 'postgresql://app:s3cret-p%40ss@pool.example.com:6432/orders';
const ROTATOR = 'postgresql://rotator:r0tat0r@db.example.com:5433';

let organizationId: string;
let headers: Record<string, string>;

beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
});

const adopt = (body: object) => call(POST, { method: 'POST', headers, body: { name: 'Orders', connection_url: DIRECT, ...body } });
const at = (projectId: string) => ({ headers, params: { projectId } });
const change = (projectId: string, body: object) => call(PATCH, { ...at(projectId), method: 'PATCH', body });
const settle = (projectId: string) => db.database.updateMany({ where: { projects: { some: { id: projectId } } }, data: { state: 'ready' } });
const connectionsOf = async (projectId: string) => (await call(viewConnections, at(projectId))).body.connections;

it('lets nobody guess a stored password by what it answers', async () => {
  const { project } = (await adopt({})).body;
  await db.credential.updateMany({ where: { organizationId }, data: { directProvenAt: new Date() } });
  await settle(project.id);
  const guess = (i: number) => change(project.id, { pooled_connection_url: POOLED.replace('s3cret', `guess${i}`) });
  for (let i = 0; i < 20; i++) expect(await guess(i)).toMatchObject({ status: 422 });
  expect(await guess(20)).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  // Nor does a right one show while it waits; and each key has its own count.
  expect(await change(project.id, { pooled_connection_url: POOLED })).toMatchObject({ status: 429 });
  headers = await keyHeaders(organizationId);
  const claim = (password: string) => adopt({ connection_url: DIRECT.replace('s3cret-p%40ss', password).replace('require', 'disable') });
  expect(await claim('s3cret-p%40ss')).toMatchObject({ status: 422 });
  for (let i = 0; i < 20; i++) expect(await claim(`guess${i}`)).toMatchObject({ status: 201 });
  expect(await claim('s3cret-p%40ss')).toMatchObject({ status: 429 });
});

describe('adopting', () => {
  it('keeps the login, starts the job that proves it, and rotates nothing', async () => {
    const { status, body } = await adopt({ pooled_connection_url: POOLED, rotator_url: ROTATOR, environment: 'non_production' });
    expect(status).toBe(201);
    expect(body.project).toMatchObject({
      organization_id: organizationId,
      name: 'Orders',
      slug: 'orders',
      environment: 'non_production',
      engine: 'postgresql',
      state: 'verifying',
      database_name: 'orders',
      role_name: 'app',
      public_host: 'db.example.com',
      direct_port: 5433,
      pooled_port: 6432,
      ssl_mode: 'require',
      rotator_name: 'rotator',
      latest_job_id: body.job.id,
      credential: { version: 1, direct_proven_at: null },
      rights: null,
    });
    expect(body.job).toMatchObject({ type: 'project.verify_connection', state: 'queued', project_id: body.project.id, rotation: null });
    expect(await db.rotation.count({ where: { organizationId } })).toBe(0);
    expect(JSON.stringify(body)).not.toMatch(/s3cret|r0tat0r/);
    expect(await db.auditEvent.findMany({ where: { organizationId } })).toMatchObject([
      { action: 'project.adopted', projectId: body.project.id, actorKind: 'api_key' },
    ]);
    expect(await connectionsOf(body.project.id)).toEqual({
      direct_url: DIRECT,
      pooled_url: POOLED,
      username: 'app',
      host: 'db.example.com',
      port: 5433,
      pooled_port: 6432,
      database: 'orders',
      ssl_mode: 'require',
      rotated_at: null,
    });
  });

  it('keeps no password in the open', async () => {
    await adopt({ rotator_url: ROTATOR });
    const tables = ['servers', 'databases', 'credentials', 'projects', 'jobs', 'audit_events'];
    const dumps = await Promise.all(
      tables.map((name) => db.$queryRawUnsafe(`SELECT to_jsonb(t)::text AS row FROM ${name} t WHERE organization_id = '${organizationId}'`)),
    );
    const all = JSON.stringify(dumps);
    expect(all).toContain('db.example.com');
    for (const secret of ['s3cret', 'r0tat0r'])
      for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=*$/, '')]) expect(all).not.toContain(form);
  });

  it('takes IPv6 and special characters', async () => {
    const { status, body } = await adopt({ connection_url: 'postgres://my%2Frole:p%23%3F%25@[2001:db8::1]:5432/my%20db' });
    expect(status).toBe(201);
    expect(body.project).toMatchObject({ public_host: '2001:db8::1', role_name: 'my/role', database_name: 'my db' });
    expect((await connectionsOf(body.project.id)).direct_url).toBe('postgres://my%2Frole:p%23%3F%25@[2001:db8::1]:5432/my%20db');
  });

  it('gives a second project of the name a slug of its own, and refuses one that is asked for and taken', async () => {
    await adopt({});
    expect((await adopt({})).body.project.slug).toBe('orders-2');
    expect(await adopt({ slug: 'orders' })).toMatchObject({ status: 422, body: { errors: { slug: [expect.stringContaining('Another project')] } } });
  });

  const prove = (projectId: string) =>
    db.credential.updateMany({ where: { database: { projects: { some: { id: projectId } } } }, data: { directProvenAt: new Date() } });

  it('shares the login with a project that has proven it, and changes nothing of it', async () => {
    const first = (await adopt({})).body.project;
    await prove(first.id);
    const second = (await adopt({ name: 'Reports', connection_url: DIRECT.replace('/orders', '/reports').replace('?sslmode=require', '') })).body.project;
    expect(second).toMatchObject({ ssl_mode: 'require', pooled_port: null, rotator_name: null });
    expect(await db.server.count({ where: { organizationId } })).toBe(1);
    expect(await db.database.count({ where: { organizationId } })).toBe(1);
  });

  it('shares nothing with a login that has not been proven and was given otherwise, nor with one of another password', async () => {
    const first = (await adopt({})).body.project;
    const second = (await adopt({ name: 'Pooled', pooled_connection_url: POOLED, rotator_url: ROTATOR })).body.project;
    await prove(first.id);
    const madeUp = { connection_url: DIRECT.replace('s3cret', 'made-up').replace('require', 'disable'), rotator_url: ROTATOR };
    const third = (await adopt({ name: 'Made up', ...madeUp })).body.project;
    expect(third).toMatchObject({ ssl_mode: 'disable', rotator_name: 'rotator', credential: { version: 1 } });
    expect((await call(getProject, at(first.id))).body.project).toMatchObject({ ssl_mode: 'require', pooled_port: null, rotator_name: null });
    expect((await call(getProject, at(second.id))).body.project).toMatchObject({ ssl_mode: 'require', pooled_port: 6432 });
    expect(await db.server.count({ where: { organizationId } })).toBe(3);
  });

  it('by twenty at once makes one server, one login and twenty projects', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => adopt({})));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => answer.body.project.slug)).size).toBe(20);
    expect(await db.database.count({ where: { organizationId } })).toBe(1);
  });

  it.each([
    ['another pooler', { pooled_connection_url: POOLED.replace('6432', '6433') }, 'pooled_connection_url', /with the pooler pool\.example\.com:6432/],
    ['no pooler', {}, 'pooled_connection_url', /with the pooler pool\.example\.com:6432/],
    ['another rotator', { rotator_url: ROTATOR.replace('rotator:', 'other:') }, 'rotator_url', /another rotator/],
    ['another password of the rotator', { rotator_url: ROTATOR.replace('r0tat0r', 'other') }, 'rotator_url', /another rotator/],
    ['another TLS mode', { connection_url: DIRECT.replace('require', 'disable') }, 'ssl_mode', /TLS mode require/],
  ])('refuses %s for a login that is proven, and says where to change it', async (_name, body, field, mend) => {
    await prove((await adopt({ pooled_connection_url: POOLED, rotator_url: ROTATOR })).body.project.id);
    const before = [await db.server.findMany({ where: { organizationId } }), await db.database.findMany({ where: { organizationId } })];
    const answer = await adopt({ ...(field !== 'pooled_connection_url' && { pooled_connection_url: POOLED }), ...body });
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed', errors: { [field]: [expect.stringMatching(mend)] } } });
    expect([await db.server.findMany({ where: { organizationId } }), await db.database.findMany({ where: { organizationId } })]).toEqual(before);
    expect(await db.project.count({ where: { organizationId } })).toBe(1);
  });

  it.each([
    ['no name', { name: ' ' }, 'name', /Give the project a name/],
    ['no URL', { connection_url: undefined }, 'connection_url', /missing/],
    ['no password', { connection_url: 'postgres://app@h/d' }, 'connection_url', /Add the password/],
    ['a rotator URL of another kind', { rotator_url: ROTATOR.replace('postgresql:', 'mysql:').replace('postgres:', 'mysql:') }, 'rotator_url', /same scheme/],
    ['a pooled URL with another password', { pooled_connection_url: POOLED.replace('s3cret', 'x') }, 'pooled_connection_url', /password differs/],
    ['a pooled URL that is the direct one', { pooled_connection_url: DIRECT }, 'pooled_connection_url', /direct address/],
    ['a rotator on another server', { rotator_url: ROTATOR.replace('db.', 'other.') }, 'rotator_url', /host and port/],
    ['a rotator that is the role itself', { rotator_url: ROTATOR.replace('rotator:', 'app:') }, 'rotator_url', /another role/],
    ['two TLS modes', { ssl_mode: 'disable' }, 'ssl_mode', /says require, this field disable/],
    ['a CA that is none', { ca_pem: 'hello' }, 'ca_pem', /PEM/],
    ['a slug with spaces', { slug: 'my slug' }, 'slug', /lower-case/],
    ['an unknown field', { colour: 'red' }, 'colour', /no such field/],
  ])('refuses %s, naming the field and the mend', async (_name, body, field, mend) => {
    const answer = await adopt(body);
    expect(answer).toMatchObject({ status: 422, body: { errors: { [field]: [expect.stringMatching(mend)] } } });
    expect(JSON.stringify(answer.body)).not.toMatch(/s3cret|r0tat0r/);
    expect(await db.project.count({ where: { organizationId } })).toBe(0);
  });

  it('for another organization finds none', async () => {
    expect((await adopt({ organization_id: await makeOrganization() })).status).toBe(404);
    expect((await adopt({ organization_id: organizationId })).status).toBe(201);
  });
});

describe('the URL that was given', () => {
  const given = 'postgres://app:s3cret@DB.example.com/orders?schema=tenant_a&connection_limit=5&options=-c%20search_path%3Dtenant_a&unknown';
  const pooled = 'postgresql://app.ref:s3cret@pool.example.com:6543/orders_pool?pgbouncer=true&application_name=shop-web';

  it('is handed out as it was, direct and pooled apart', async () => {
    const { project } = (await adopt({ connection_url: given, pooled_connection_url: pooled })).body;
    expect(await connectionsOf(project.id)).toMatchObject({ direct_url: given, pooled_url: pooled, username: 'app', database: 'orders' });
    await change(project.id, { connection_url: given.replace('s3cret', 'other'), pooled_connection_url: pooled.replace('s3cret', 'other') });
    expect(await connectionsOf(project.id)).toMatchObject({ direct_url: given.replace('s3cret', 'other'), pooled_url: pooled.replace('s3cret', 'other') });
  });

  it('has the TLS mode of the field added where it says none', async () => {
    const { project } = (await adopt({ connection_url: given, ssl_mode: 'verify-full' })).body;
    expect(project.ssl_mode).toBe('verify-full');
    expect((await connectionsOf(project.id)).direct_url).toBe(`${given}&sslmode=verify-full`);
  });

  it('takes every certificate of a bundle, up to 512 KiB', async () => {
    const [foreign, own] = [makeCertificate('other.example.com').certPem, makeCertificate('db.example.com').certPem];
    const { status, body } = await adopt({ ca_pem: `# ours\n${foreign}\ntext between\n${own}` });
    expect(status).toBe(201);
    const { caPem } = await db.database.findFirstOrThrow({ where: { projects: { some: { id: body.project.id } } } });
    expect(caPem).toBe(`${foreign.trim()}\n${own.trim()}\n`);
    expect((await adopt({ connection_url: DIRECT.replace('app:', 'b:'), ca_pem: own.repeat(Math.floor(524_288 / own.length)) })).status).toBe(201);
    const broken = own.replace(/[A-Za-z0-9+/]{40}\n/, 'broken\n');
    expect(await adopt({ ca_pem: foreign + broken })).toMatchObject({
      status: 422,
      body: { errors: { ca_pem: [expect.stringContaining('Certificate 2 of 2')] } },
    });
  });
});

describe('listing', () => {
  it('shows the organization’s own projects by name', async () => {
    await adopt({ name: 'B' });
    await adopt({ name: 'A' });
    const other = await makeOrganization();
    const list = await call(GET, { headers, path: `/api/v1/projects?organization_id=${organizationId}` });
    expect(list.body.projects.map((project: { name: string }) => project.name)).toEqual(['A', 'B']);
    expect((await call(GET, { headers: await keyHeaders(other) })).body.projects).toEqual([]);
    expect((await call(GET, { headers, path: `/api/v1/projects?organization_id=${other}` })).status).toBe(404);
  });

  it('shows a key that is limited to one project that one alone', async () => {
    const [a, b] = [(await adopt({ name: 'A' })).body.project, (await adopt({ name: 'B', connection_url: DIRECT.replace('app:', 'b:') })).body];
    const limited = await keyHeaders(organizationId, { projectId: a.id });
    expect((await call(GET, { headers: limited })).body.projects).toMatchObject([{ id: a.id }]);
    expect((await call(getProject, { headers: limited, params: { projectId: b.project.id } })).status).toBe(404);
    expect((await call(getJob, { headers: limited, params: { jobId: b.job.id } })).status).toBe(404);
    expect((await call(POST, { method: 'POST', headers: limited, body: { name: 'C', connection_url: DIRECT } })).status).toBe(403);
  });
});

describe('changing', () => {
  it('of name and environment touches nothing else', async () => {
    const { project } = (await adopt({})).body;
    await settle(project.id);
    const answer = await change(project.id, { name: 'New', environment: 'non_production' });
    expect(answer).toMatchObject({
      status: 200,
      body: { project: { name: 'New', environment: 'non_production', slug: 'orders', state: 'ready', latest_job_id: project.latest_job_id } },
    });
    expect(await db.auditEvent.findFirst({ where: { organizationId, action: 'project.updated' } })).toMatchObject({
      metadata: { fields: ['name', 'environment'] },
    });
  });

  it('of the password keeps a new version and proves it', async () => {
    const { project } = (await adopt({})).body;
    await settle(project.id);
    const url = DIRECT.replace('s3cret', 'changed');
    const answer = await change(project.id, { connection_url: url });
    expect(answer.body.project).toMatchObject({ state: 'verifying', credential: { version: 2 } });
    expect(answer.body.project.latest_job_id).not.toBe(project.latest_job_id);
    expect((await connectionsOf(project.id)).direct_url).toBe(url);
    expect(JSON.stringify(await db.auditEvent.findMany({ where: { organizationId } }))).not.toContain('changed-p');
  });

  it('of the host moves the login with its past, and forgets the old server', async () => {
    const { project, job } = (await adopt({ pooled_connection_url: POOLED })).body;
    const url = DIRECT.replace('db.example.com', 'new.example.com');
    const answer = await change(project.id, { connection_url: url });
    expect(answer.body.project).toMatchObject({ public_host: 'new.example.com', pooled_port: null, credential: { version: 2 } });
    expect(await db.server.count({ where: { organizationId } })).toBe(1);
    expect((await call(listJobs, at(project.id))).body.jobs.map((one: { id: string }) => one.id)).toContain(job.id);
  });

  it('of the role keeps the rotator of the address; of the host says which one is left behind', async () => {
    const { project } = (await adopt({ rotator_url: ROTATOR })).body;
    const other = await change(project.id, { connection_url: DIRECT.replace('app:', 'other:') });
    expect(other.body.project).toMatchObject({ role_name: 'other', rotator_name: 'rotator' });
    expect(other.body.project).not.toHaveProperty('dropped_rotator');
    const server = await db.server.findFirstOrThrow({ where: { organizationId } });
    expect((await openRotator(server, server.rotatorSealed ?? '')).reveal()).toBe('r0tat0r');
    const moved = await change(project.id, { connection_url: DIRECT.replace('db.example.com', 'new.example.com') });
    expect(moved.body.project).toMatchObject({ rotator_name: null, dropped_rotator: 'rotator' });
    expect(await db.auditEvent.findFirst({ where: { organizationId }, orderBy: { seq: 'desc' } })).toMatchObject({ metadata: { dropped_rotator: 'rotator' } });
  });

  it('of the role to that of the rotator leaves nobody to change it but itself', async () => {
    const { project } = (await adopt({ rotator_url: ROTATOR })).body;
    const { body } = await change(project.id, { connection_url: DIRECT.replace('app:', 'rotator:') });
    expect(body.project).toMatchObject({ role_name: 'rotator', rotator_name: null, dropped_rotator: 'rotator' });
  });

  it('of the role of one of two projects leaves the other as it was', async () => {
    const [a, b] = [(await adopt({ name: 'A' })).body.project, (await adopt({ name: 'B' })).body.project];
    await change(b.id, { connection_url: DIRECT.replace('app:', 'other:') });
    expect((await call(getProject, at(a.id))).body.project).toMatchObject({ role_name: 'app', credential: { version: 1 } });
    expect((await call(getProject, at(b.id))).body.project).toMatchObject({ role_name: 'other', credential: { version: 1 } });
  });

  it('of the pooler adds and takes away', async () => {
    const { project } = (await adopt({})).body;
    expect((await change(project.id, { pooled_connection_url: POOLED })).body.project).toMatchObject({ pooled_port: 6432 });
    expect((await connectionsOf(project.id)).pooled_url).toBe(POOLED);
    expect((await change(project.id, { pooled_connection_url: null })).body.project).toMatchObject({ pooled_port: null });
  });

  it('to a rotator that cannot log in keeps the one there is', async () => {
    const { project } = (await adopt({ rotator_url: ROTATOR })).body;
    const answer = await change(project.id, { rotator_url: ROTATOR.replace('rotator:', 'made-up:') });
    expect(answer).toMatchObject({ status: 422, body: { errors: { rotator_url: [expect.stringContaining('Nothing was changed')] } } });
    expect((await call(getProject, at(project.id))).body.project.rotator_name).toBe('rotator');
    expect((await change(project.id, { rotator_url: null })).body.project.rotator_name).toBe(null);
  });

  it('of the rotator needs a right of its own, when adopting too', async () => {
    const { project } = (await adopt({})).body;
    const weak = await keyHeaders(organizationId, { scopes: ['projects:read', 'projects:write'] });
    const limited = await keyHeaders(organizationId, { projectId: project.id });
    const stale = await memberHeaders(organizationId, 'owner', { isStale: true });
    for (const [held, code] of [
      [weak, 'forbidden'],
      [limited, 'forbidden'],
      [stale, 'reauthentication_required'],
    ] as const)
      expect(await call(PATCH, { ...at(project.id), headers: held, method: 'PATCH', body: { rotator_url: ROTATOR } })).toMatchObject({
        status: 403,
        body: { code },
      });
    const body = { name: 'Second', connection_url: DIRECT.replace('app:', 'other:'), rotator_url: ROTATOR };
    expect(await call(POST, { method: 'POST', headers: weak, body })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await db.server.count({ where: { organizationId, rotatorName: { not: null } } })).toBe(0);
  });

  it('of the TLS mode or the pooler’s address needs the password', async () => {
    const { project } = (await adopt({})).body;
    expect(await change(project.id, { ssl_mode: 'disable' })).toMatchObject({
      status: 422,
      body: { errors: { connection_url: [expect.stringContaining('needs the login again')] } },
    });
    expect(await change(project.id, { pooled_connection_url: POOLED.replace('s3cret', 'guess') })).toMatchObject({
      status: 422,
      body: { errors: { pooled_connection_url: [expect.stringContaining('differs')] } },
    });
    expect((await change(project.id, { connection_url: DIRECT.replace('require', 'disable') })).body.project.ssl_mode).toBe('disable');
  });
});

it('a connection check is asked for once at a time', async () => {
  const { project, job } = (await adopt({})).body;
  await settle(project.id);
  await db.job.update({ where: { id: job.id }, data: { state: 'completed' } });
  const { status, body } = await call(verify, { ...at(project.id), method: 'POST' });
  expect([status, body.job]).toMatchObject([202, { type: 'project.verify_connection', state: 'queued' }]);
  expect(await call(verify, { ...at(project.id), method: 'POST' })).toMatchObject({ status: 409, body: { code: 'job_in_progress', job_id: body.job.id } });
});

describe('while a rotation runs', () => {
  it('a second one, a change of the login and forgetting are refused with its job', async () => {
    const { project } = (await adopt({})).body;
    await settle(project.id);
    const { status, body } = await call(rotate, { ...at(project.id), method: 'POST', body: { reason: 'routine' } });
    expect(status).toBe(202);
    expect(body.job).toMatchObject({
      type: 'project.rotate_credentials',
      state: 'queued',
      rotation: { state: 'requested', from_version: 1, to_version: 2, steps: [{ kind: 'requested' }] },
    });
    const inTheWay = { status: 409, body: { code: 'rotation_in_progress', job_id: body.job.id } };
    expect(await call(rotate, { ...at(project.id), method: 'POST' })).toMatchObject(inTheWay);
    expect(await call(verify, { ...at(project.id), method: 'POST' })).toMatchObject(inTheWay);
    expect(await change(project.id, { connection_url: DIRECT })).toMatchObject(inTheWay);
    expect(await adopt({ name: 'Second' })).toMatchObject(inTheWay);
    expect(await call(DELETE, { ...at(project.id), method: 'DELETE' })).toMatchObject(inTheWay);
    expect((await change(project.id, { name: 'Only the name' })).status).toBe(200);
    expect((await call(getJob, { headers, params: { jobId: body.job.id } })).body).toEqual({ job: body.job });
  });

  it('grace hours are not available yet', async () => {
    const { project } = (await adopt({})).body;
    expect(await call(rotate, { ...at(project.id), method: 'POST', body: { grace_hours: 24 } })).toMatchObject({
      status: 422,
      body: { code: 'grace_not_available', errors: { grace_hours: expect.anything() } },
    });
    expect((await call(rotate, { ...at(project.id), method: 'POST', body: { grace_hours: 721 } })).body.errors.grace_hours).toEqual(['Use 720 at most.']);
  });
});

describe('forgetting', () => {
  it('removes the login and the server with the last project that uses them', async () => {
    const [a, b] = [(await adopt({ name: 'A' })).body.project, (await adopt({ name: 'B' })).body.project];
    expect((await call(DELETE, { ...at(a.id), method: 'DELETE' })).status).toBe(200);
    expect((await call(getProject, at(a.id))).status).toBe(404);
    expect(await connectionsOf(b.id)).toMatchObject({ direct_url: DIRECT });
    expect((await call(DELETE, { ...at(b.id), method: 'DELETE' })).status).toBe(200);
    const left = await Promise.all([
      db.server.count({ where: { organizationId } }),
      db.database.count({ where: { organizationId } }),
      db.credential.count({ where: { organizationId } }),
    ]);
    expect(left).toEqual([0, 0, 0]);
    expect(await db.auditEvent.findMany({ where: { organizationId, action: 'project.forgotten' }, orderBy: { createdAt: 'asc' } })).toMatchObject([
      { metadata: { project_id: a.id } },
      { metadata: { project_id: b.id } },
    ]);
  });

  it('takes a finished rotation with it', async () => {
    const { project } = (await adopt({})).body;
    await settle(project.id);
    await call(rotate, { ...at(project.id), method: 'POST' });
    await db.rotation.updateMany({ where: { organizationId }, data: { state: 'failed', finishedAt: new Date() } });
    expect((await call(DELETE, { ...at(project.id), method: 'DELETE' })).status).toBe(200);
  });
});

describe('the password', () => {
  it('is shown to those who may, each time with an audit event', async () => {
    const { project } = (await adopt({})).body;
    const admin = await memberHeaders(organizationId, 'admin');
    const { status, headers: answered } = await call(viewConnections, { headers: admin, params: { projectId: project.id } });
    expect([status, answered.get('cache-control')]).toEqual([200, 'no-store']);
    // An operator rotates, and never reads.
    expect((await call(viewConnections, { headers: await memberHeaders(organizationId, 'operator'), params: { projectId: project.id } })).status).toBe(403);
    expect(await db.auditEvent.findMany({ where: { projectId: project.id, action: 'project.connection_viewed' } })).toMatchObject([
      { actorKind: 'user', metadata: { version: 1 } },
    ]);
  });

  it('is not shown where no audit event can be written', async () => {
    const { project } = (await adopt({})).body;
    await db.$executeRawUnsafe(`ALTER TABLE audit_events ADD CONSTRAINT refuse CHECK (organization_id <> '${organizationId}') NOT VALID`);
    const { status, body } = await call(viewConnections, at(project.id));
    await db.$executeRawUnsafe('ALTER TABLE audit_events DROP CONSTRAINT refuse');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('s3cret');
  });
});

it('an id that nobody has is not found', async () => {
  const params = { projectId: newId('prj') };
  for (const [handler, method] of [
    [getProject, 'GET'],
    [PATCH, 'PATCH'],
    [DELETE, 'DELETE'],
    [rotate, 'POST'],
    [verify, 'POST'],
    [listJobs, 'GET'],
  ] as const) {
    expect((await call(handler, { method, headers, params })).status).toBe(404);
  }
});

itRecords(
  'project.adopted (adopt-project)',
  'project.updated (update-project)',
  'project.forgotten',
  'project.connection_viewed',
  'project.verification_requested',
);
