import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { getProject } from '#lib/projects/get-project.ts';
import { findDueWork } from '#lib/sweep/find-due-work.ts';
import { startTcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { readRotation, request, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { listSessions } from './sessions/list-sessions.ts';
import { endOldSessions, listOldSessions } from './sessions/old-sessions.ts';
import { rescanSessions } from './sessions/rescan-sessions.ts';

const AUTHENTICATION_TIMEOUT_S = 25;

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget({ settings: { authentication_timeout: `${AUTHENTICATION_TIMEOUT_S}s` } });
});
afterAll(() => server.stop());

/** A session as an application holds one. */
interface AppSession {
  isOpen: () => Promise<boolean>;
  end: () => Promise<void>;
}
const opened: AppSession[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((session) => session.end()));
});

/** Starts to log in; `finish` lets it answer the server's question for the password. */
function begin(login: Login, applicationName = 'app') {
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<string>();
  const client = new pg.Client({
    host: server.target.direct.host,
    port: server.target.direct.port,
    database: server.target.direct.database,
    user: login.user,
    application_name: applicationName,
    password: () => {
      asked.resolve();
      return gate.promise;
    },
  });
  client.on('error', () => {});
  const connected = client.connect();
  const session: AppSession = {
    isOpen: () =>
      client.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    end: () => client.end(),
  };
  return {
    asked: asked.promise,
    finish: async () => {
      gate.resolve(login.password.reveal());
      await connected;
      opened.push(session);
      return session;
    },
  };
}
const open = (login: Login, applicationName?: string): Promise<AppSession> => begin(login, applicationName).finish();

async function adoptLogin(name: string, by: 'role' | 'rotator' = 'role'): Promise<{ login: Login; adopted: Adopted }> {
  const login = await server.createLogin(name);
  const rotator = by === 'rotator' ? await server.createRotator(`${name}_rotator`, login) : undefined;
  return { login, adopted: await adopt({ target: server.target, login, ...(rotator && { rotator }) }) };
}

describe.each(['role', 'rotator'] as const)('changed by the %s', (by) => {
  it('open sessions stay and are counted; our own are not', async () => {
    const { login, adopted } = await adoptLogin(`kept_${by}`, by);
    const sessions = await Promise.all([open(login), open(login)]);
    const rotation = await rotate(adopted);
    expect(rotation).toMatchObject({ state: 'completed', sessionsBefore: 2, sessionsLeft: 2, rescanAt: null });
    expect(await Promise.all(sessions.map((session) => session.isOpen()))).toEqual([true, true]);
    const { context, projectId, databaseId } = adopted;
    const counted = { count: 2, counted_at: rotation.finishedAt?.toISOString(), job_id: rotation.jobId };
    expect((await getProject(context, projectId)).old_sessions).toEqual(counted);
    // A password that somebody gave says nothing of the sessions of the one before.
    await db.credential.updateMany({ where: { databaseId, version: 2 }, data: { state: 'retired' } });
    await db.credential.updateMany({ where: { databaseId, version: 1 }, data: { state: 'current' } });
    expect((await getProject(context, projectId)).old_sessions).toBeNull();
  });

  it('close_sessions closes them, and keeps those of the new password', async () => {
    const { login, adopted } = await adoptLogin(`closed_${by}`, by);
    const [stranger, ...old] = [await open(await server.createLogin(`stranger_${by}`)), await open(login), await open(login)];
    const rotation = await rotate(adopted, { close_sessions: true });
    const young = await open(await storedLogin(adopted));
    expect(rotation).toMatchObject({ state: 'completed', sessionsBefore: 2, sessionsLeft: 0 });
    expect(rotation.steps.find(({ kind }) => kind === 'sessions_ended')).toMatchObject({ detail: { count: 2 } });
    expect(await Promise.all(old.map((session) => session.isOpen()))).toEqual([false, false]);
    expect([await young.isOpen(), await stranger?.isOpen()]).toEqual([true, true]);
    expect(rotation.rescanAt?.getTime()).toBe((rotation.changedAt?.getTime() ?? 0) + AUTHENTICATION_TIMEOUT_S * 1000);
  });
});

it('that the login may not end stay open, and the rotation completes', async () => {
  const { login, adopted } = await adoptLogin('powerless');
  const old = await open(login);
  await server.sql('REVOKE EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend FROM PUBLIC');
  try {
    const rotation = await rotate(adopted, { close_sessions: true });
    expect(rotation).toMatchObject({ state: 'completed', sessionsLeft: 1, errorCode: null });
    expect(rotation.steps.find(({ kind }) => kind === 'sessions_unknown')).toMatchObject({ detail: { code: 'sessions_denied' } });
    expect(await old.isOpen()).toBe(true);
  } finally {
    await server.sql('GRANT EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend TO PUBLIC');
  }
});

describe('a login in progress at the moment of the change', () => {
  /** One that finishes with the old password after the rotation is completed, beside one with the new password. */
  async function rotateMeanwhile(name: string) {
    const { login, adopted } = await adoptLogin(name);
    const late = begin(login);
    await late.asked;
    const rotation = await rotate(adopted, { close_sessions: true });
    expect(rotation.state).toBe('completed');
    const [survivor, young] = [await late.finish(), await open(await storedLogin(adopted))];
    expect(await survivor.isOpen()).toBe(true);
    return { id: rotation.id, adopted, survivor, young };
  }
  const makeDue = (id: string) => db.rotation.update({ where: { id }, data: { rescanAt: new Date(0) } });

  it('is ended once the authentication timeout is over, a newer one never', async () => {
    const { id, adopted, survivor, young } = await rotateMeanwhile('late');
    expect((await findDueWork('wrk_test')).rescans.map((item) => item.id)).not.toContain(id);
    await makeDue(id);
    expect((await findDueWork('wrk_test')).rescans.map((item) => item.id)).toContain(id);
    await rescanSessions(id, 'wrk_test');
    expect([await survivor.isOpen(), await young.isOpen()]).toEqual([false, true]);
    const after = await readRotation(id);
    expect(after).toMatchObject({ rescanAt: null, sessionsLeft: 0 });
    const last = after.steps.at(-1);
    expect(last).toMatchObject({ kind: 'sessions_rescanned', detail: { count: 1 } });
    expect((await getProject(adopted.context, adopted.projectId)).old_sessions).toMatchObject({ count: 0, counted_at: last?.at.toISOString() });

    await rescanSessions(id, 'wrk_test');
    expect((await readRotation(id)).steps).toHaveLength(after.steps.length);
  });

  it('is ended even if the password was rotated again meanwhile', async () => {
    const { id, adopted, survivor, young } = await rotateMeanwhile('late_twice');
    expect((await rotate(adopted)).state).toBe('completed');
    await makeDue(id);
    await rescanSessions(id, 'wrk_test');
    expect([await survivor.isOpen(), await young.isOpen()]).toEqual([false, true]);
  });

  it('is checked for later if the server is down, but not forever if it rejects us', async () => {
    const { id, adopted } = await rotateMeanwhile('late_away');
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port });
    await proxy.refuse();
    await db.database.update({ where: { id: adopted.databaseId }, data: { directPort: proxy.port } });
    await makeDue(id);
    await rescanSessions(id, 'wrk_test');
    expect((await readRotation(id)).rescanAt?.getTime()).toBeGreaterThan(Date.now());

    await proxy.accept();
    await server.sql('ALTER ROLE late_away PASSWORD NULL');
    await makeDue(id);
    await rescanSessions(id, 'wrk_test');
    expect((await readRotation(id)).rescanAt).toBe(null);
    await proxy.stop();
  });
});

describe('the list of sessions', () => {
  it('has one row per application and address, without our own', async () => {
    const { login, adopted } = await adoptLogin('listed');
    await Promise.all([open(login, 'web'), open(login, 'web'), open(login, 'cron')]);
    const since = expect.any(Date);
    expect(await listSessions(adopted.context, adopted.projectId)).toEqual([
      { application: 'web', address: '127.0.0.1', count: 2, since, isOwn: false },
      { application: 'cron', address: '127.0.0.1', count: 1, since, isOwn: false },
    ]);
  });

  it("is refused for another organization's project, and fails for one that does not answer", async () => {
    const { adopted } = await adoptLogin('unlisted');
    await expect(listSessions({ ...adopted.context, organizationId: 'org_other' }, adopted.projectId)).rejects.toMatchObject({ code: 'not_found' });
    await server.sql('ALTER ROLE unlisted PASSWORD NULL');
    await expect(listSessions(adopted.context, adopted.projectId)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Nothing was changed'),
    });
    await db.database.update({ where: { id: adopted.databaseId }, data: { directPort: 1 } });
    await expect(listSessions(adopted.context, adopted.projectId)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('the old sessions of a completed rotation', () => {
  const since = expect.any(Date);

  it('are listed and ended by row, then all, and those of the new password stay', async () => {
    const { login, adopted } = await adoptLogin('left_over');
    const [psql, ...web] = [await open(login, 'psql'), await open(login, 'web'), await open(login, "o'web")];
    const { jobId, id } = await rotate(adopted);
    const young = await open(await storedLogin(adopted), 'psql');
    const { context, projectId } = adopted;
    expect(await listOldSessions(context, jobId)).toEqual(
      ["o'web", 'psql', 'web'].map((application) => ({ application, address: '127.0.0.1', count: 1, since, isOwn: false })),
    );
    expect(await endOldSessions(context, jobId, { application: 'psql', address: '127.0.0.1' })).toEqual({ ended: 1, left: 2 });
    expect(await Promise.all([psql, ...web, young].map((session) => session?.isOpen()))).toEqual([false, true, true, true]);
    const shown = (await getProject(context, projectId)).old_sessions;
    expect(shown).toMatchObject({ count: 2, job_id: jobId });
    expect(shown?.counted_at).toBe((await readRotation(id)).steps.at(-1)?.at.toISOString());

    expect(await endOldSessions(context, jobId)).toEqual({ ended: 2, left: 0 });
    expect(await Promise.all([...web, young].map((session) => session?.isOpen()))).toEqual([false, false, true]);
    const after = await readRotation(id);
    expect(after).toMatchObject({ sessionsLeft: 0, rescanAt: new Date((after.changedAt?.getTime() ?? 0) + AUTHENTICATION_TIMEOUT_S * 1000) });
    expect(await listOldSessions(context, jobId)).toEqual([]);
    const events = await db.auditEvent.findMany({ where: { projectId, action: 'project.sessions_ended' }, orderBy: { seq: 'asc' } });
    expect(events.map(({ actorId, metadata }) => ({ actorId, metadata }))).toMatchObject([
      { actorId: context.actor.id, metadata: { job_id: jobId, role_name: 'left_over', count: 1, left: 2, application: 'psql', address: '127.0.0.1' } },
      { actorId: context.actor.id, metadata: { count: 2, left: 0 } },
    ]);
  });

  it('cannot be ended by a login that may not, and nothing is recorded', async () => {
    const { login, adopted } = await adoptLogin('powerless_later');
    const old = await open(login);
    const { jobId } = await rotate(adopted);
    await server.sql('REVOKE EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend FROM PUBLIC');
    try {
      await expect(endOldSessions(adopted.context, jobId)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('No session was ended'),
      });
    } finally {
      await server.sql('GRANT EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend TO PUBLIC');
    }
    expect(await old.isOpen()).toBe(true);
    expect(await db.auditEvent.count({ where: { projectId: adopted.projectId, action: 'project.sessions_ended' } })).toBe(0);
  });

  it('are not ended while another rotation of the login is in progress, nor before one has completed', async () => {
    const { login, adopted } = await adoptLogin('busy');
    const old = await open(login);
    const { jobId } = await rotate(adopted);
    const next = await readRotation(await request(adopted));
    await expect(endOldSessions(adopted.context, jobId)).rejects.toMatchObject({ code: 'rotation_in_progress', extras: { jobId: next.jobId } });
    await expect(endOldSessions(adopted.context, next.jobId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(listOldSessions(adopted.context, next.jobId)).rejects.toMatchObject({ code: 'conflict' });
    expect(await old.isOpen()).toBe(true);
  });

  it('are out of reach of another organization, and of who reaches one of two projects of the login', async () => {
    const { login, adopted } = await adoptLogin('shared');
    const old = await open(login);
    const { jobId } = await rotate(adopted);
    await expect(endOldSessions({ ...adopted.context, organizationId: 'org_other' }, jobId)).rejects.toMatchObject({ code: 'not_found' });
    const elsewhere = await adoptLogin('elsewhere');
    const keyOf = (projectId: string) => ({ ...adopted.context, actor: { kind: 'api_key' as const, id: 'key_1', name: 'limited', scopes: [], projectId } });
    await expect(endOldSessions(keyOf(elsewhere.adopted.projectId), jobId)).rejects.toMatchObject({ code: 'not_found' });
    const project = await db.project.findUniqueOrThrow({ where: { id: adopted.projectId } });
    await db.project.create({ data: { ...project, id: 'prj_beside', slug: 'beside' } });
    await expect(endOldSessions(keyOf(adopted.projectId), jobId)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await old.isOpen()).toBe(true);
  });
});

itRecords(['project.sessions_ended (old-sessions)', { metadata: { path: ['left'], equals: 0 } }]);
