import { afterAll, beforeAll, expect, it } from 'vitest';
import { POST as cancel } from '#app/api/v1/jobs/[jobId]/cancel/route.ts';
import { db } from '#lib/kernel/db.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { call, keyHeaders } from '#scripts/testing/call-api.ts';
import { rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { requestRotation } from './request-rotation.ts';

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget();
});
afterAll(() => server.stop());

let count = 0;
async function begin(): Promise<{ of: Adopted; jobId: string; headers: Record<string, string> }> {
  const of = await adopt({ target: server.target, login: await server.createLogin(`canceled_${++count}`) });
  const { jobId } = await requestRotation(of.context, of.projectId, {});
  return { of, jobId, headers: await keyHeaders(of.context.organizationId) };
}
const send = (jobId: string, headers: Record<string, string>) => call(cancel, { method: 'POST', headers, params: { jobId } });
const loginOf = ({ databaseId }: Adopted) => db.database.findUniqueOrThrow({ where: { id: databaseId }, include: { credentials: true } });

it('a rotation that has sent nothing is canceled: the password stays, and the next one may begin', async () => {
  const { of, jobId, headers } = await begin();
  const before = (await storedLogin(of)).password.reveal();
  expect(await send(jobId, headers)).toMatchObject({ status: 200, body: { job: { state: 'failed', error_code: 'canceled', rotation: { state: 'failed' } } } });
  expect(await loginOf(of)).toMatchObject({ state: 'ready', lastError: null });
  expect((await storedLogin(of)).password.reveal()).toBe(before);
  // A worker that hears of it late finds nothing to do.
  const { id } = await db.rotation.findFirstOrThrow({ where: { jobId } });
  await advanceRotation(id, 'test');
  expect((await storedLogin(of)).password.reveal()).toBe(before);
  expect(await rotate(of)).toMatchObject({ state: 'completed' });
});

it('one that has a password made for it is canceled too, and that password is never used', async () => {
  const { of, jobId, headers } = await begin();
  const rotation = await db.rotation.findFirstOrThrow({ where: { jobId } });
  const current = await db.credential.findFirstOrThrow({ where: { databaseId: of.databaseId } });
  const { id: _, ...staged } = { ...current, version: 2, state: 'staged' as const };
  await db.credential.create({ data: { ...staged, id: 'crd_staged_for_cancel' } });
  await db.rotation.update({ where: { id: rotation.id }, data: { state: 'staged', toCredentialId: 'crd_staged_for_cancel' } });
  expect((await send(jobId, headers)).status).toBe(200);
  expect((await loginOf(of)).credentials.map(({ state }) => state).sort()).toEqual(['current', 'retired']);
});

it.each(['applying', 'verifying', 'promoted', 'needs_attention', 'completed', 'failed'] as const)('one that is %s is left alone', async (state) => {
  const { jobId, headers } = await begin();
  await db.rotation.updateMany({ where: { jobId }, data: { state } });
  expect(await send(jobId, headers)).toMatchObject({ status: 409, body: { code: 'conflict', job_id: jobId } });
  expect(await db.rotation.findFirstOrThrow({ where: { jobId } })).toMatchObject({ state, fence: 0 });
});

it('one of another project is not there for a key that is limited to one', async () => {
  const { of, jobId } = await begin();
  const beside = await adopt({ target: server.target, login: await server.createLogin(`canceled_${++count}`), organizationId: of.context.organizationId });
  const limited = await keyHeaders(of.context.organizationId, { projectId: beside.projectId });
  expect((await send(jobId, limited)).status).toBe(404);
  expect(await db.rotation.findFirstOrThrow({ where: { jobId } })).toMatchObject({ state: 'requested', fence: 0 });
});
