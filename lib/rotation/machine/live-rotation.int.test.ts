// A rotation that needs attention leaves a person a way out: what the advice on the screen says can be done.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { deleteProject } from '#lib/projects/delete-project.ts';
import { updateProject } from '#lib/projects/update-project.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { attempt, attemptAll, readRotation, request, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';

let server: TestTarget;
let proxy: TcpProxy;
beforeAll(async () => {
  server = await startTarget();
  proxy = await startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port });
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

const throughProxy = () => withDirect(server.target, { port: proxy.port });
const urlOf = ({ user, password }: Login) => `postgresql://${user}:${password.reveal()}@127.0.0.1:${proxy.port}/postgres`;
const inTheWay = { code: 'rotation_in_progress' };

/** A rotation whose request was lost, so that the old password still stands. */
async function lose(name: string, rotatorName?: string): Promise<{ login: Login; adopted: Adopted; id: string; rotator: Login | undefined }> {
  const login = await server.createLogin(name);
  const rotator = rotatorName ? await server.createRotator(rotatorName, login) : undefined;
  const adopted = await adopt({ target: throughProxy(), login, ...(rotator && { rotator }) });
  const id = await request(adopted);
  await Promise.all([proxy.failOn('COMMIT', 'lose_request'), attempt(id)]);
  return { login, adopted, id, rotator };
}

/** Somebody sets a password that Rekey does not know. */
async function setThird(role: string): Promise<Login> {
  const third = await server.createLogin(`${role}_spare`);
  await server.sql(`ALTER ROLE ${role} PASSWORD '${third.password.reveal()}'`);
  return { user: role, password: third.password };
}

const verdict = async (login: Login) => (await postgres.probe(server.target, 'direct', login)).verdict;

describe('when the server rejects both passwords', () => {
  it('the current password is accepted, verified and rotated', async () => {
    const { adopted, id } = await lose('overtaken');
    const third = await setThird('overtaken');
    expect(await attempt(id)).toMatchObject({ state: 'needs_attention', errorCode: 'both_refused' });

    const project = await updateProject(adopted.context, adopted.projectId, { connection_url: urlOf(third) });
    expect(project).toMatchObject({ state: 'verifying', last_error: null });
    expect(await db.event.findFirst({ where: { projectId: adopted.projectId, type: 'job.failed' } })).toMatchObject({
      type: 'job.failed',
      data: { error_code: 'superseded', role_name: 'overtaken' },
    });
    expect(await readRotation(id)).toMatchObject({
      state: 'failed',
      errorCode: 'superseded',
      job: { state: 'failed' },
      toCredential: { state: 'retired' },
      fromCredential: { state: 'retired' },
    });
    await verifyConnection(project.latest_job_id ?? '', 'wrk_test');
    expect(await verdict(await storedLogin(adopted))).toBe('accepted');
    // An attempt that is late does nothing.
    expect(await attempt(id)).toMatchObject({ state: 'failed' });
    expect((await rotate(adopted)).state).toBe('completed');
    expect(await verdict(await storedLogin(adopted))).toBe('accepted');
  });

  it('not while an attempt is in progress', async () => {
    const { adopted, id } = await lose('under_way');
    const third = await setThird('under_way');
    await attempt(id);
    await db.rotation.update({ where: { id }, data: { claimedBy: 'wrk_other' } });
    await expect(updateProject(adopted.context, adopted.projectId, { connection_url: urlOf(third) })).rejects.toMatchObject(inTheWay);
    expect(await readRotation(id)).toMatchObject({ state: 'needs_attention', toCredential: { state: 'staged' } });
  });
});

describe('when it is not known which password works', () => {
  it('refuses another password or address, and accepts a new rotator, which settles it', async () => {
    const { login, adopted, id, rotator } = await lose('pending', 'changing');
    await server.sql('ALTER ROLE changing NOLOGIN');
    const lost = await attemptAll(id);
    expect(lost).toMatchObject({ state: 'needs_attention', errorCode: 'login_not_allowed' });

    const { context, projectId } = adopted;
    await expect(
      updateProject(context, projectId, { connection_url: urlOf({ ...login, password: rotator?.password ?? login.password }) }),
    ).rejects.toMatchObject(inTheWay);
    await expect(updateProject(context, projectId, { connection_url: urlOf(login).replace('127.0.0.1', 'db.example.com') })).rejects.toMatchObject(inTheWay);
    expect(await readRotation(id)).toMatchObject({ state: 'needs_attention', toCredential: { state: 'staged' } });

    const other = await server.createRotator('changing_instead', login);
    const project = await updateProject(context, projectId, { rotator_url: urlOf(other) });
    expect(project).toMatchObject({ state: 'needs_attention', rotator_name: 'changing_instead', latest_job_id: lost.jobId });
    expect((await readRotation(id)).nextAttemptAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect((await attempt(id)).state).toBe('failed');
    expect(await verdict(await storedLogin(adopted))).toBe('accepted');
    expect((await rotate(adopted)).state).toBe('completed');
  });
});

it('a project may be forgotten while its rotation needs attention, but not while it is in progress', async () => {
  const { adopted, id } = await lose('forgotten');
  await expect(deleteProject(adopted.context, adopted.projectId)).rejects.toMatchObject(inTheWay);
  await setThird('forgotten');
  expect((await attempt(id)).state).toBe('needs_attention');
  await deleteProject(adopted.context, adopted.projectId);
  expect(await db.database.count({ where: { id: adopted.databaseId } })).toBe(0);
});
