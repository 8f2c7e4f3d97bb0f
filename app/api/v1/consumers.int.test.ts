import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { attempt, attemptAll, readRotation, request, rotate } from '#scripts/testing/drive-rotation.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { GET as getJob } from './jobs/[jobId]/route.ts';
import { DELETE, PATCH } from './projects/[projectId]/consumers/[consumerId]/route.ts';
import { GET, POST } from './projects/[projectId]/consumers/route.ts';
import { POST as tick, DELETE as untick } from './projects/[projectId]/jobs/[jobId]/tasks/[taskId]/done/route.ts';
import { GET as getProject } from './projects/[projectId]/route.ts';

interface Held extends Adopted {
  headers: Record<string, string>;
}

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget();
});
afterAll(() => server.stop());

async function hold(role: string): Promise<Held> {
  const adopted = await adopt({ target: server.target, login: await server.createLogin(role) });
  return { ...adopted, headers: await keyHeaders(adopted.context.organizationId) };
}

/** Another project on the same login. */
async function share({ context: { organizationId }, databaseId }: Adopted): Promise<string> {
  const id = newId('prj');
  await db.project.create({ data: { id, organizationId, databaseId, databaseName: 'shop', name: 'Shared', slug: id.toLowerCase() } });
  return id;
}

const REPORT = { name: 'Nightly report', kind: 'cron_job', owner: 'ops@example.com', note: 'cron on vm-reports' };

type Handler = typeof GET;
const send = (handler: Handler, method: string, headers: Record<string, string>, params: Record<string, string>, body?: unknown) =>
  call(handler, { method, headers, params, ...(body !== undefined && { body }) });
const add = ({ headers, projectId }: Held, body: object = REPORT) => send(POST, 'POST', headers, { projectId }, body);
const list = async ({ headers, projectId }: Held) => (await send(GET, 'GET', headers, { projectId })).body.consumers;
const tasksOf = async (headers: Record<string, string>, jobId: string) => (await send(getJob, 'GET', headers, { jobId })).body.job.rotation.tasks;
const audited = async ({ context: { organizationId } }: Adopted) => {
  const rows = await db.auditEvent.findMany({ where: { organizationId, action: { startsWith: 'consumer.' } }, orderBy: [{ createdAt: 'asc' }] });
  return rows.map(({ action, metadata }) => [action, (metadata as { name?: string }).name]);
};

describe('consumers', () => {
  it('are written down, changed and taken off the list', async () => {
    const held = await hold('written');
    const { status, body } = await add(held);
    expect(status).toBe(201);
    expect(body.consumer).toMatchObject({ ...REPORT, id: expect.stringMatching(/^con_/), project_id: held.projectId, task: null });
    await add(held, { name: ' Local .env ', kind: 'env_file' });
    expect(await list(held)).toMatchObject([{ name: 'Local .env', owner: null, note: null }, REPORT]);

    const at = { projectId: held.projectId, consumerId: body.consumer.id };
    const changed = await send(PATCH, 'PATCH', held.headers, at, { owner: '', note: 'every night' });
    expect(changed).toMatchObject({ status: 200, body: { consumer: { name: 'Nightly report', owner: null, note: 'every night' } } });
    expect((await send(DELETE, 'DELETE', held.headers, at)).status).toBe(204);
    expect(await list(held)).toMatchObject([{ name: 'Local .env' }]);
    expect(await audited(held)).toEqual([
      ['consumer.created', 'Nightly report'],
      ['consumer.created', 'Local .env'],
      ['consumer.updated', 'Nightly report'],
      ['consumer.deleted', 'Nightly report'],
    ]);
  });

  it.each([
    ['no name', { name: ' ' }, 'name'],
    ['another kind', { kind: 'vercel' }, 'kind'],
    ['a note longer than 300 characters', { note: 'x'.repeat(301) }, 'note'],
    ['an unknown field', { password: 'mine' }, 'password'],
  ])('are refused with %s', async (_, body, field) => {
    const organizationId = await makeOrganization();
    const answer = await send(POST, 'POST', await keyHeaders(organizationId), { projectId: newId('prj') }, { ...REPORT, ...body });
    expect(answer).toMatchObject({ status: 422, body: { errors: { [field]: [expect.any(String)] } } });
  });

  it('of one project have names of their own', async () => {
    const held = await hold('named');
    await add(held);
    const { body } = await add(held, { ...REPORT, name: 'Other' });
    const taken = { status: 422, body: { errors: { name: [expect.stringContaining('of that name')] } } };
    expect(await add(held)).toMatchObject(taken);
    expect(await send(PATCH, 'PATCH', held.headers, { projectId: held.projectId, consumerId: body.consumer.id }, { name: REPORT.name })).toMatchObject(taken);
    expect(await audited(held)).toHaveLength(2);
  });
});

describe('after a rotation', () => {
  it('each consumer is to do, as it was then, until somebody ticks it', async () => {
    const held = await hold('ticked');
    const { body } = await add(held);
    const { jobId } = await rotate(held);
    const at = { projectId: held.projectId, consumerId: body.consumer.id };
    await send(PATCH, 'PATCH', held.headers, at, { owner: 'new@example.com' });
    const [task] = await tasksOf(held.headers, jobId);
    expect(task).toEqual({
      id: expect.stringMatching(/^tsk_/),
      project_id: held.projectId,
      consumer_id: body.consumer.id,
      ...REPORT,
      done_at: null,
      done_by: null,
    });
    expect(await list(held)).toMatchObject([{ owner: 'new@example.com', task: { id: task.id, job_id: jobId, version: 2, done_at: null } }]);

    const count = async () => (await send(getProject, 'GET', held.headers, { projectId: held.projectId })).body.project.consumers;
    expect(await count()).toEqual({ total: 1, up_to_date: 0, waiting: 1, job_id: jobId });
    const key = { projectId: held.projectId, jobId, taskId: task.id };
    const done = await send(tick, 'POST', held.headers, key, {});
    expect(done).toMatchObject({ status: 200, body: { task: { id: task.id, done_at: expect.any(String), done_by: 'test' } } });
    expect(await count()).toEqual({ total: 1, up_to_date: 1, waiting: 0, job_id: jobId });
    // Again: the first tick stays, and nothing more is written.
    expect((await send(tick, 'POST', held.headers, key, {})).body).toEqual(done.body);
    expect(await list(held)).toMatchObject([{ task: { done_by: 'test' } }]);

    await send(DELETE, 'DELETE', held.headers, at);
    expect(await tasksOf(held.headers, jobId)).toMatchObject([{ ...REPORT, consumer_id: null, done_by: 'test' }]);
    expect((await send(untick, 'DELETE', held.headers, key)).body.task).toMatchObject({ done_at: null, done_by: null });
    expect((await audited(held)).map(([action]) => action)).toEqual([
      'consumer.created',
      'consumer.updated',
      'consumer.task_ticked',
      'consumer.deleted',
      'consumer.task_unticked',
    ]);
  });

  it('those of every project on the login are to do; a key limited to one project sees its own', async () => {
    const held = await hold('shared');
    const other = { ...held, projectId: await share(held) };
    await add(held);
    await add(other, { name: 'CI of the other', kind: 'ci_secret' });
    const { jobId } = await rotate(held);
    expect(await tasksOf(held.headers, jobId)).toMatchObject([{ name: 'CI of the other', project_id: other.projectId }, { name: 'Nightly report' }]);
    const limited = await keyHeaders(held.context.organizationId, { projectId: held.projectId });
    expect(await tasksOf(limited, jobId)).toMatchObject([{ name: 'Nightly report' }]);
    const [theirs] = await tasksOf(held.headers, jobId);
    expect((await send(tick, 'POST', limited, { projectId: held.projectId, jobId, taskId: theirs.id }, {})).status).toBe(404);
  });

  it('none is to do where it failed', async () => {
    const held = await hold('failed');
    await add(held);
    await server.sql('ALTER ROLE failed NOLOGIN');
    const { state, jobId } = await rotate(held);
    expect(state).toBe('failed');
    expect(await tasksOf(held.headers, jobId)).toEqual([]);
  });

  it('the tasks are written in one piece with its end', async () => {
    const held = await hold('torn');
    await add(held);
    await db.$executeRaw`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`;
    await db.$executeRaw`CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse()`;
    const id = await request(held);
    await expect(attempt(id)).rejects.toThrow();
    expect(await readRotation(id)).toMatchObject({ state: 'promoted' });
    expect(await db.consumerTask.count({ where: { rotationId: id } })).toBe(0);
    await db.$executeRaw`DROP TRIGGER refuse ON events`;
    expect(await attemptAll(id)).toMatchObject({ state: 'completed' });
    expect(await db.consumerTask.count({ where: { rotationId: id } })).toBe(1);
  });

  it('the tasks of another organization are not known', async () => {
    const held = await hold('foreign');
    const { body } = await add(held);
    const { jobId } = await rotate(held);
    const [task] = await tasksOf(held.headers, jobId);
    const strangers = await keyHeaders(await makeOrganization());
    const key = { projectId: held.projectId, jobId, taskId: task.id, consumerId: body.consumer.id };
    const answers = await Promise.all([
      send(GET, 'GET', strangers, key),
      send(PATCH, 'PATCH', strangers, key, { name: 'x' }),
      send(DELETE, 'DELETE', strangers, key),
      send(tick, 'POST', strangers, key, {}),
      send(untick, 'DELETE', strangers, key),
      // Theirs under our own project's address.
      send(tick, 'POST', held.headers, { ...key, jobId: newId('job') }, {}),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    expect(await db.consumerTask.findUniqueOrThrow({ where: { id: task.id } })).toMatchObject({ doneAt: null });
  });
});

itRecords('consumer.created', 'consumer.updated', 'consumer.deleted', 'consumer.task_ticked', 'consumer.task_unticked');
