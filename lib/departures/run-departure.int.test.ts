import { afterAll, beforeAll, expect, it } from 'vitest';
import { SCOPES } from '#lib/contract/scopes.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { postgres } from '#lib/engines/postgres.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { viewConnections } from '#lib/logins/view-connections.ts';
import { changeMember } from '#lib/members/change-member.ts';
import { listMembers, removeMember } from '#lib/members/members.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { attemptAll, request, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { getDeparture } from './departures.ts';
import { requestDeparture } from './request-departure.ts';
import { findDueDepartures, runDeparture } from './run-departure.ts';

let server: TestTarget;
let organizationId: string;
let owner: Context;
let leaver: Context;

async function person(role: 'owner' | 'admin'): Promise<Context> {
  const id = newId('usr');
  await memberHeaders(organizationId, role, { userId: id });
  return {
    organizationId,
    origin: {},
    actor: { kind: 'user', id, name: id, role, projectIds: null, sessionId: 'ses', authenticatedAt: new Date(), isFresh: true },
  };
}

/** A key that the leaver, or a key of theirs, has made. */
async function keyOf({ actor }: Context): Promise<Context> {
  const data = { organizationId, name: 'CI', source: 'test', keyPrefix: 'rk', scopes: [...SCOPES], createdByUserId: actor.id };
  const { id } = await db.apiKey.create({ data: { id: newId('key'), keyHash: newId('key'), ...data } });
  return { organizationId, origin: {}, actor: { kind: 'api_key', id, name: 'CI', scopes: [...SCOPES], projectId: null } };
}

const adoptAt = async (name: string): Promise<Adopted> => adopt({ target: server.target, login: await server.createLogin(name), organizationId });
const rotationsOf = ({ databaseId }: Adopted) => db.rotation.findMany({ where: { databaseId } });

beforeAll(async () => {
  server = await startTarget();
  organizationId = await makeOrganization();
  owner = await person('owner');
  leaver = await person('admin');
});
afterAll(() => server.stop());

it('rotates each password that a removed member revealed once, with any number of workers, and continues after one fails', { timeout: 180_000 }, async () => {
  const [shown, byKey, unseen, since] = [await adoptAt('shown'), await adoptAt('by_key'), await adoptAt('unseen'), await adoptAt('since')];
  const dead = await adopt({ target: NOWHERE, login: { user: 'dead', password: generatePassword() }, organizationId });
  const old = await storedLogin(shown);
  await viewConnections(leaver, shown.projectId);
  await viewConnections(await keyOf(leaver), byKey.projectId);
  await viewConnections(leaver, dead.projectId);
  await viewConnections(owner, unseen.projectId);
  // Rotated since: what was seen opens nothing.
  await viewConnections(leaver, since.projectId);
  expect((await rotate(since)).state).toBe('completed');
  expect(await listMembers(owner)).toMatchObject({ members: [{ seen: 1 }, { seen: 3 }], credentials: 5 });

  const departure = await removeMember(owner, leaver.actor.id ?? '', { rotateSeen: true });
  const id = departure?.id ?? '';
  const stateOf = async ({ databaseId }: Adopted) => (await getDeparture(owner, id)).credentials.find((one) => one.database_id === databaseId)?.state;
  expect(departure).toMatchObject({ total: 3, running: 3, rotated: 0, finished_at: null });
  await expect(viewConnections(leaver, unseen.projectId)).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(await findDueDepartures('wrk_test', [])).toEqual([id]);

  await Promise.all([runDeparture(id, 'wrk_test'), runDeparture(id, 'wrk_test'), runDeparture(id, 'wrk_test')]);
  const rotations = [...(await rotationsOf(shown)), ...(await rotationsOf(byKey)), ...(await rotationsOf(dead))];
  expect(rotations.map(({ reason }) => reason)).toEqual(['departure', 'departure', 'departure']);
  expect(await findDueDepartures('wrk_test', [])).toEqual([]);

  for (const rotation of rotations) await attemptAll(rotation.id);
  expect([await stateOf(shown), await stateOf(byKey), await stateOf(dead)]).toEqual(['rotated', 'rotated', 'rotating']);
  expect(await findDueDepartures('wrk_test', [])).toEqual([id]);
  await Promise.all([runDeparture(id, 'wrk_test'), runDeparture(id, 'wrk_test')]);
  expect(await getDeparture(owner, id)).toMatchObject({ rotated: 2, failed: 1, running: 0, finished_at: expect.any(String) });
  expect((await getDeparture(owner, id)).credentials.find(({ state }) => state === 'failed')).toMatchObject({
    role_name: 'dead',
    error_code: 'server_unreachable',
  });
  expect(await postgres.probe(server.target, 'direct', old)).toMatchObject({ verdict: 'refused' });
  expect([await rotationsOf(unseen), await findDueDepartures('wrk_test', [])]).toEqual([[], []]);

  // Asked again: only for what still counts. That it runs elsewhere is waited for, not doubled.
  await request(dead);
  expect(await requestDeparture(owner, id)).toMatchObject({ rotated: 2, running: 1, finished_at: null });
  await runDeparture(id, 'wrk_test');
  expect([await stateOf(dead), (await rotationsOf(dead)).length]).toEqual(['waiting', 2]);
  await db.credential.updateMany({ where: { databaseId: dead.databaseId, state: 'current' }, data: { state: 'retired' } });
  await runDeparture(id, 'wrk_test');
  expect(await getDeparture(owner, id)).toMatchObject({ rotated: 3, failed: 0, finished_at: expect.any(String) });
  const told = await db.auditEvent.findMany({ where: { organizationId, action: 'member.departure_completed' }, orderBy: { seq: 'asc' } });
  expect(told).toMatchObject([
    { outcome: 'failed', metadata: { rotated: 2, failed: 1 } },
    { outcome: 'done', metadata: { rotated: 3, failed: 0 } },
  ]);
});

it('a removal without a rotation leaves the offer standing', async () => {
  const other = await person('admin');
  const seen = await adoptAt('offered');
  await viewConnections(other, seen.projectId);
  const departure = await removeMember(owner, other.actor.id ?? '', { rotateSeen: false });
  expect(departure).toMatchObject({ total: 1, running: 0, credentials: [{ project_name: 'offered', state: 'open' }] });
  expect(await findDueDepartures('wrk_test', [])).toEqual([]);
  await expect(changeMember(owner, other.actor.id ?? '', { role: 'viewer' })).rejects.toMatchObject({ code: 'not_found' });
});

itRecords('member.departure_requested', 'member.departure_completed');
