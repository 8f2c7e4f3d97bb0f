import { beforeAll, expect, it } from 'vitest';
import { POST as ROTATE } from '#app/api/v1/projects/[projectId]/credentials/rotate/route.ts';
import { PATCH } from '#app/api/v1/projects/[projectId]/route.ts';
import { POST as ADOPT } from '#app/api/v1/projects/route.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';

let organizationId: string;
/** A project, and another one that uses the same login. */
let projectId: string;
let otherId: string;
const url = 'postgres://app:p@127.0.0.1:1/d';

beforeAll(async () => {
  organizationId = await makeOrganization();
  projectId = (await call(ADOPT, { method: 'POST', headers: await keyHeaders(organizationId), body: { name: 'One', connection_url: url } })).body.project.id;
  const { databaseId } = await db.project.findUniqueOrThrow({ where: { id: projectId } });
  await db.database.update({ where: { id: databaseId }, data: { state: 'ready' } });
  otherId = newId('prj');
  await db.project.create({ data: { id: otherId, organizationId, databaseId, databaseName: 'other', name: 'Two', slug: 'two' } });
});

const facts = () => db.database.findFirstOrThrow({ where: { organizationId }, include: { server: true, rotations: true, credentials: true } });

it.each<[string, () => Promise<Record<string, string>>]>([
  ['key limited to one of its projects', () => keyHeaders(organizationId, { projectId })],
  ['member restricted to one of its projects', () => memberHeaders(organizationId, 'admin', { projectIds: [projectId] })],
])('a login of several projects is neither moved nor rotated by a %s', async (_who, make) => {
  const headers = await make();
  const before = await facts();
  const patch = (body: object) => call(PATCH, { method: 'PATCH', headers, params: { projectId }, body });
  const refusal = { status: 403, body: { code: 'forbidden', detail: expect.stringContaining('also used by projects') } };
  expect(await patch({ connection_url: 'postgres://app:p@127.0.0.1:2/d' })).toMatchObject(refusal);
  expect(await patch({ pooled_connection_url: 'postgres://app:p@127.0.0.1:3/d' })).toMatchObject(refusal);
  for (const choice of [{ allows_md5: false }, { sends_plaintext: false }]) expect(await patch(choice)).toMatchObject(refusal);
  expect(await patch({ rotator_url: 'postgres://rotator:p@127.0.0.1:1/d' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await call(ROTATE, { method: 'POST', headers, params: { projectId }, body: {} })).toMatchObject(refusal);
  expect(await facts()).toEqual(before);
  expect((await patch({ name: 'Uno' })).status).toBe(200);
});

it('a limited key that moves its project to a login of others makes no choice for them', async () => {
  const { body } = await call(ADOPT, {
    method: 'POST',
    headers: await keyHeaders(organizationId),
    body: { name: 'Own', connection_url: url.replace('app:', 'own:') },
  });
  const own = body.project.id;
  await db.credential.updateMany({ where: { database: { organizationId, roleName: 'app' } }, data: { directProvenAt: new Date() } });
  await db.database.updateMany({ where: { organizationId, roleName: 'app' }, data: { allowsMd5: true } });
  const headers = await keyHeaders(organizationId, { projectId: own });
  const answer = await call(PATCH, { method: 'PATCH', headers, params: { projectId: own }, body: { connection_url: url, allows_md5: false } });
  expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await db.database.findFirstOrThrow({ where: { organizationId, roleName: 'app' } })).toMatchObject({ allowsMd5: true });
  await db.project.delete({ where: { id: own } });
  await db.database.deleteMany({ where: { organizationId, roleName: 'own' } });
});

it('is rotated by one who reaches them all, and by the limited key once the other project is gone', async () => {
  const limited = await keyHeaders(organizationId, { projectId });
  const all = await memberHeaders(organizationId, 'admin', { projectIds: [projectId, otherId] });
  const rotate = async (headers: Record<string, string>) => (await call(ROTATE, { method: 'POST', headers, params: { projectId }, body: {} })).status;
  expect(await rotate(all)).toBe(202);
  await db.project.delete({ where: { id: otherId } });
  expect(await rotate(limited)).toBe(409);
});
