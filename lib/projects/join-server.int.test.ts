import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PATCH } from '#app/api/v1/projects/[projectId]/route.ts';
import { POST } from '#app/api/v1/projects/route.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import type { Adopted } from '#scripts/testing/adopt.ts';
import { call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';

let server: TestTarget;
let maria: MariadbTarget;
let organizationId: string;
let headers: Record<string, string>;
let count = 0;

beforeAll(async () => {
  [server, maria] = await Promise.all([startTarget(), startMariadbTarget()]);
});
afterAll(() => Promise.all([server.stop(), maria.stop()]));
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
});

const newLogin = () => server.createLogin(`joined_${++count}`);
const under = (url: string, host: string): string => url.replace('@127.0.0.1:', `@${host}:`);

/** Adopts a URL by the API, and proves it as the worker would. */
async function adoptUrl(url: string, more: object = {}): Promise<Adopted & { serverId: string }> {
  const { status, body } = await call(POST, { method: 'POST', headers, body: { name: newId('prj'), connection_url: url, ...more } });
  expect(status, JSON.stringify(body)).toBe(201);
  await verifyConnection(body.job.id, 'test');
  const { databaseId, database } = await db.project.findUniqueOrThrow({ where: { id: body.project.id }, include: { database: true } });
  const context = { organizationId, actor: { kind: 'system', id: null, name: 'test' }, origin: {} } as const;
  return { context, projectId: body.project.id, databaseId, serverId: database.serverId };
}
const loginOf = (databaseId: string) => db.database.findUniqueOrThrow({ where: { id: databaseId }, include: { server: true } });
const notesOf = async (databaseId: string): Promise<string> => JSON.stringify((await loginOf(databaseId)).rights);
const isAccepted = async (login: Login) => (await postgres.probe(server.target, 'direct', login)).verdict === 'accepted';

it('logins of one server under two names are on one row, known by what the server says of itself', async () => {
  const [one, other] = [await newLogin(), await newLogin()];
  const a = await adoptUrl(server.urlOf(one));
  const b = await adoptUrl(under(server.urlOf(other), 'localhost'));
  expect(b.serverId).toBe(a.serverId);
  const [row] = await server.sql('SELECT system_identifier::text AS id FROM pg_control_system()');
  expect((await loginOf(a.databaseId)).server.identity).toBe(row?.id);
  expect(await db.server.count({ where: { organizationId } })).toBe(1);
});

it('of MariaDB and PostgreSQL they are not', async () => {
  const a = await adoptUrl(server.urlOf(await newLogin()));
  const login = await maria.createLogin('joined');
  const b = await adoptUrl(maria.urlOf(login));
  expect(b.serverId).not.toBe(a.serverId);
  expect((await loginOf(b.databaseId)).server.identity).toMatch(/./);
  expect((await adoptUrl(under(maria.urlOf(await maria.createLogin('joined_too')), 'localhost'))).serverId).toBe(b.serverId);
});

it('a login that is refused shares nothing, and nothing is told of the others', async () => {
  const login = await newLogin();
  const rotator = await server.createRotator(`rotator_${count}`, login);
  const kept = await adoptUrl(server.urlOf(login), { rotator_url: server.urlOf(rotator) });
  const madeUp = await adoptUrl(server.urlOf({ ...login, password: rotator.password }));
  expect(madeUp.serverId).not.toBe(kept.serverId);
  expect(await loginOf(madeUp.databaseId)).toMatchObject({ state: 'needs_attention', server: { identity: null, rotatorName: null } });
  expect(await loginOf(kept.databaseId)).toMatchObject({ state: 'ready', server: { rotatorName: rotator.user } });
});

it('two projects on one role under two names: one rotates at a time, and the other is not called ready on a dead password', async () => {
  const login = await newLogin();
  const a = await adoptUrl(server.urlOf(login));
  const b = await adoptUrl(under(server.urlOf(login), 'localhost'));
  expect(await notesOf(b.databaseId)).toContain('adopted a second time');
  const { jobId } = await requestRotation(a.context, a.projectId, {});
  await expect(requestRotation(b.context, b.projectId, {})).rejects.toMatchObject({ code: 'rotation_in_progress' });
  await db.rotation.deleteMany({ where: { jobId } });
  await db.database.update({ where: { id: a.databaseId }, data: { state: 'ready' } });

  expect(await rotate(a)).toMatchObject({ state: 'completed' });
  expect(await isAccepted(await storedLogin(a))).toBe(true);
  const twin = await loginOf(b.databaseId);
  expect(twin.state).toBe('verifying');
  await expect(requestRotation(b.context, b.projectId, {})).rejects.toMatchObject({ code: 'project_not_ready' });
  await verifyConnection(twin.latestJobId ?? '', 'test');
  expect((await loginOf(b.databaseId)).state).toBe('needs_attention');
  expect((await storedLogin(b)).password.reveal()).toBe(login.password.reveal());
});

it('a password that was changed after the preflight is found under the lock: nothing is sent', async () => {
  const login = await newLogin();
  const a = await adoptUrl(server.urlOf(login));
  const b = await adoptUrl(under(server.urlOf(login), 'localhost'));
  // As if nobody knew that they are one.
  await db.database.update({ where: { id: b.databaseId }, data: { loginKey: b.databaseId } });
  const both = await Promise.all([rotate(a), rotate(b)]);
  expect(both.map(({ state }) => state).sort()).toEqual(['completed', 'failed']);
  const [winner, loser] = both[0]?.state === 'completed' ? [a, b] : [b, a];
  expect(await isAccepted(await storedLogin(winner))).toBe(true);
  expect((await storedLogin(loser)).password.reveal()).toBe(login.password.reveal());
});

it('a rotator serves all logins at its address that are proven, and none under another name', async () => {
  const login = await newLogin();
  const other = await newLogin();
  const rotator = await server.createRotator(`rotator_${count}`, login);
  const [role, of] = [rotator.user, other.user];
  await server.sql(`GRANT ${of} TO ${role} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  await adoptUrl(server.urlOf(login), { rotator_url: server.urlOf(rotator) });
  const second = await adoptUrl(server.urlOf(other));
  expect(await loginOf(second.databaseId)).toMatchObject({ server: { rotatorName: rotator.user }, rights: { rotator_may_change: true } });
  expect(await rotate(second)).toMatchObject({
    state: 'completed',
    steps: expect.arrayContaining([expect.objectContaining({ detail: expect.objectContaining({ by: 'rotator' }) })]),
  });
  const third = await adoptUrl(under(server.urlOf(await newLogin()), 'localhost'));
  expect((await loginOf(third.databaseId)).rights).toMatchObject({ rotator_may_change: null });
  expect(await rotate(third)).toMatchObject({ state: 'completed' });
});

it.each([
  ['cannot log in', async (login: Login) => ({ ...(await server.createRotator(`broken_${count}`, login)), password: login.password })],
  ['has no right to the role', newLogin],
])('a rotator that %s serves no login but the one it was given with', async (_, make) => {
  const [known, login, later] = [await newLogin(), await newLogin(), await newLogin()];
  const before = await adoptUrl(server.urlOf(known));
  const given = await make(login);
  const own = await adoptUrl(server.urlOf(login), { rotator_url: server.urlOf(given) });
  expect(await loginOf(own.databaseId)).toMatchObject({
    state: 'ready',
    rights: { rotator_may_change: false },
    server: { identity: null, rotatorName: given.user },
  });
  const after = await adoptUrl(server.urlOf(later));
  for (const { databaseId } of [before, after])
    expect(await loginOf(databaseId)).toMatchObject({ rights: { rotator_may_change: null }, server: { id: before.serverId, rotatorName: null } });
  // Proven later, it serves all at its address.
  const rotator = await server.createRotator(`whole_${count}`, login);
  const { body } = await call(PATCH, { method: 'PATCH', headers, params: { projectId: own.projectId }, body: { rotator_url: server.urlOf(rotator) } });
  await verifyConnection(body.project.latest_job_id, 'test');
  expect(await loginOf(before.databaseId)).toMatchObject({ server: { id: (await loginOf(own.databaseId)).serverId, rotatorName: rotator.user } });
});

it('a rotator that is the first login of its server and fails serves none that come after it', async () => {
  const [login, later] = [await newLogin(), await newLogin()];
  const given = await newLogin();
  const own = await adoptUrl(server.urlOf(login), { rotator_url: server.urlOf(given) });
  const after = await adoptUrl(server.urlOf(later));
  expect(after.serverId).not.toBe(own.serverId);
  expect(await loginOf(after.databaseId)).toMatchObject({ rights: { rotator_may_change: null }, server: { rotatorName: null } });
  expect(await rotate(after)).toMatchObject({ state: 'completed' });
});

it('a rotator given with a login serves the known ones once it has rehearsed, and the audit log names them', async () => {
  const [known, login] = [await newLogin(), await newLogin()];
  const before = await adoptUrl(server.urlOf(known));
  const rotator = await server.createRotator(`brought_${count}`, login);
  const { databaseId, projectId } = await adoptUrl(server.urlOf(login), { rotator_url: server.urlOf(rotator) });
  expect(await loginOf(databaseId)).toMatchObject({ serverId: before.serverId, server: { rotatorName: rotator.user, rotatorPinnedKey: expect.any(String) } });
  const { metadata } = await db.auditEvent.findFirstOrThrow({ where: { projectId, action: 'project.connection_verified' } });
  const names = await db.project.findMany({ where: { organizationId }, select: { name: true }, orderBy: { name: 'asc' } });
  expect(metadata).toMatchObject({ rotator_name: rotator.user, affected_projects: names.map(({ name }) => name) });
});

it('the same role under two names is one login, also where the one has an unproven rotator', async () => {
  const login = await newLogin();
  const a = await adoptUrl(server.urlOf(login));
  const b = await adoptUrl(under(server.urlOf(login), 'localhost'), { rotator_url: under(server.urlOf(await newLogin()), 'localhost') });
  expect(b.serverId).not.toBe(a.serverId);
  expect(await loginOf(b.databaseId)).toMatchObject({ loginKey: a.databaseId });
});

it('a rotator is proven before it is kept, fails nobody who can do without, and all whom it concerns are named', async () => {
  const [login, other] = [await newLogin(), await newLogin()];
  const [a, b] = [await adoptUrl(server.urlOf(login)), await adoptUrl(server.urlOf(other))];
  const rotator = await server.createRotator(`rotator_${count}`, login);
  const patch = (url: string) => call(PATCH, { method: 'PATCH', headers, params: { projectId: a.projectId }, body: { rotator_url: url } });
  for (const bad of [server.urlOf({ ...rotator, password: login.password }), server.urlOf(other)])
    expect(await patch(bad)).toMatchObject({ status: 422, body: { errors: { rotator_url: [expect.stringContaining('Nothing was changed')] } } });
  expect((await loginOf(b.databaseId)).server.rotatorName).toBe(null);
  expect(await patch(server.urlOf(rotator))).toMatchObject({ status: 200, body: { project: { rotator_name: rotator.user } } });
  const { metadata } = await db.auditEvent.findFirstOrThrow({ where: { organizationId, action: 'project.updated' }, orderBy: { seq: 'desc' } });
  const names = await db.project.findMany({ where: { organizationId }, select: { name: true }, orderBy: { name: 'asc' } });
  expect(metadata).toMatchObject({ affected_projects: names.map(({ name }) => name) });
  // This rotator may not change the other role, which changes its own.
  expect(await rotate(b)).toMatchObject({ state: 'completed' });
});

it('a kept password goes to no address that was given with another one', async () => {
  const login = await newLogin();
  const { projectId, databaseId } = await adoptUrl(server.urlOf(login));
  const elsewhere = await startTarget();
  try {
    await elsewhere.createLogin(login.user, { password: login.password.reveal() });
    const url = elsewhere.urlOf({ user: login.user, password: { reveal: () => 'made-up' } as never });
    const { body } = await call(PATCH, { method: 'PATCH', headers, params: { projectId }, body: { connection_url: url } });
    await verifyConnection(body.project.latest_job_id, 'test');
    // The right one is kept, and would have been taken there.
    expect(await loginOf(databaseId)).toMatchObject({ state: 'needs_attention' });
    expect((await postgres.probe(withDirect(elsewhere.target, {}), 'direct', login)).verdict).toBe('accepted');
  } finally {
    await elsewhere.stop();
  }
});
