import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PATCH } from '#app/api/v1/projects/[projectId]/route.ts';
import { POST } from '#app/api/v1/projects/route.ts';
import { type RightsWire, rights } from '#lib/contract/project.ts';
import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import type { Adopted } from '#scripts/testing/adopt.ts';
import { call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { rotate } from '#scripts/testing/drive-rotation.ts';
import { verifyConnection } from './verify-connection.ts';

let server: TestTarget;
let organizationId: string;
let headers: Record<string, string>;
let count = 0;

beforeAll(async () => {
  server = await startTarget({ pooler: 'auth_query' });
});
afterAll(() => server.stop());
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
});

const newLogin = () => server.createLogin(`rights_${++count}`);

async function adoptUrl(login: Login, more: object = {}): Promise<Adopted> {
  const { body } = await call(POST, { method: 'POST', headers, body: { name: newId('prj'), connection_url: server.urlOf(login), ...more } });
  await verifyConnection(body.job.id, 'test');
  const { databaseId } = await db.project.findUniqueOrThrow({ where: { id: body.project.id } });
  return { context: { organizationId, actor: { kind: 'system', id: null, name: 'test' }, origin: {} }, projectId: body.project.id, databaseId };
}
const changeRotator = (projectId: string, url: string | null) => call(PATCH, { method: 'PATCH', headers, params: { projectId }, body: { rotator_url: url } });

const rightsOf = async (databaseId: string): Promise<RightsWire> => rights.parse((await db.database.findUniqueOrThrow({ where: { id: databaseId } })).rights);
const setRights = (databaseId: string, to: RightsWire) => db.database.update({ where: { id: databaseId }, data: { rights: to } });
const openChecks = (databaseId: string) => db.job.findMany({ where: { databaseId, type: 'verify_connection', state: 'queued' } });
async function runCheck(databaseId: string): Promise<void> {
  const [check, ...more] = await openChecks(databaseId);
  expect(more).toEqual([]);
  await verifyConnection(check?.id ?? '', 'test');
}

const stuck = (found: RightsWire): RightsWire => ({
  ...found,
  self_may_change: false,
  notes: [{ tone: 'danger', text: 'Rotating will not work: the role may not change its own password.' }, ...found.notes.slice(1)],
});

it('a rotator given for one login refreshes what every login at its address may do', async () => {
  const [login, other, able] = [await newLogin(), await newLogin(), await newLogin()];
  const [a, b, c] = [await adoptUrl(login), await adoptUrl(other), await adoptUrl(able)];
  await setRights(b.databaseId, stuck(await rightsOf(b.databaseId)));
  const rotator = await server.createRotator(`rotates_${count}`, login);
  await server.sql(`GRANT ${other.user} TO ${rotator.user} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);

  expect((await changeRotator(a.projectId, server.urlOf(rotator))).status).toBe(200);
  await runCheck(b.databaseId);
  expect(await rightsOf(b.databaseId)).toMatchObject({
    rotator_may_change: true,
    notes: [{ tone: 'ok', text: expect.stringContaining(rotator.user) }, {}],
  });
  // A login that changes its own password goes on doing so: nothing that is said of it has become untrue.
  expect(await openChecks(c.databaseId)).toEqual([]);

  // Taken away again, what it could do is over for both.
  await runCheck(a.databaseId);
  expect((await changeRotator(a.projectId, null)).status).toBe(200);
  await runCheck(b.databaseId);
  expect((await rightsOf(b.databaseId)).notes[0]).toEqual({ tone: 'ok', text: `Rotating works: ${other.user} may change its own password.` });
});

it('a rotator that comes with another login refreshes those that could not rotate', async () => {
  const [login, stays] = [await newLogin(), await newLogin()];
  const before = await adoptUrl(stays);
  await setRights(before.databaseId, stuck(await rightsOf(before.databaseId)));
  const rotator = await server.createRotator(`comes_${count}`, login);
  await server.sql(`GRANT ${stays.user} TO ${rotator.user} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  await adoptUrl(login, { rotator_url: server.urlOf(rotator) });
  await runCheck(before.databaseId);
  expect(await rightsOf(before.databaseId)).toMatchObject({ rotator_may_change: true });
});

it('a completed rotation ends what it has proven wrong, and keeps the rest', async () => {
  const login = await newLogin();
  const one = await adoptUrl(login, { pooled_connection_url: server.urlOf(login, 'pooled') });
  const found = await rightsOf(one.databaseId);
  expect(found.notes.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^Only a rotation shows/));
  await setRights(one.databaseId, stuck(found));
  expect(await rotate(one)).toMatchObject({ state: 'completed' });
  expect(await rightsOf(one.databaseId)).toMatchObject({
    self_may_change: true,
    notes: [
      { tone: 'ok', text: `Rotating works: ${login.user} may change its own password.` },
      { tone: 'ok', text: 'Open sessions can be seen and ended.' },
    ],
  });
});

it.each([
  ['routine', 0],
  // Anybody can give a session that name.
  ['compromise', 1],
] as const)('a connection that a check left in the pooler is not counted as an old session: %s', async (reason, left) => {
  const login = await newLogin();
  const one = await adoptUrl(login, { pooled_connection_url: server.urlOf(login, 'pooled') });
  const rotation = await rotate(one, { reason });
  expect(rotation).toMatchObject({ state: 'completed', sessionsLeft: left });
});

it('a rotation that was not permitted says so until a check finds otherwise', async () => {
  const login = await newLogin();
  const rotator = await server.createRotator(`loses_${count}`, login);
  const one = await adoptUrl(login, { rotator_url: server.urlOf(rotator) });
  expect((await rightsOf(one.databaseId)).notes[0]?.tone).toBe('ok');
  await server.sql(`REVOKE ${login.user} FROM ${rotator.user}`);
  expect(await rotate(one)).toMatchObject({ state: 'failed' });
  expect(await rightsOf(one.databaseId)).toMatchObject({
    rotator_may_change: false,
    notes: [{ tone: 'danger', text: 'Rotating will not work. The login may not change this password.' }, {}],
  });
});

it('a first password that is rejected is called mistyped, not restored from a backup', async () => {
  const login = await newLogin();
  const one = await adoptUrl({ ...login, password: { reveal: () => 'mistyped' } as never });
  expect(await db.database.findUniqueOrThrow({ where: { id: one.databaseId } })).toMatchObject({
    state: 'needs_attention',
    lastError:
      'The server rejected this password, and it has never worked here. Check the user and password of the URL, then enter the right one under Settings.',
  });
  expect((await call(POST, { method: 'POST', headers, body: { name: 'again', connection_url: server.urlOf(login) } })).status).toBe(201);
});
