import { beforeEach, describe, expect, it, vi } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { monotonicMs } from '#lib/kernel/received-mark.ts';
import { loadClaimed } from '#lib/rotation/machine/attempt.ts';
import { moveRotation } from '#lib/rotation/machine/move.ts';
import { NOWHERE, withDirect } from '#scripts/servers/place.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { requestRotation } from './request-rotation.ts';

let adopted: Adopted;
let count = 0;

beforeEach(async () => {
  const target = NOWHERE;
  adopted = await adopt({ target, login: { user: `app_${++count}`, password: generatePassword() } });
});

const ask = (projectId = adopted.projectId, receivedMark = monotonicMs()) => requestRotation({ ...adopted.context, origin: { receivedMark } }, projectId, {});

/** A second project of the same login. */
async function addProject(): Promise<string> {
  const project = await db.project.findUniqueOrThrow({ where: { id: adopted.projectId } });
  return (await db.project.create({ data: { ...project, id: newId('prj'), slug: newId('prj').toLowerCase() } })).id;
}

/** Ends the rotation the way a worker does, as far as the next request can see. */
async function end(jobId: string): Promise<void> {
  const { id, fence } = await db.rotation.findUniqueOrThrow({ where: { jobId } });
  await moveRotation(await loadClaimed(db, id, fence), { to: 'failed' });
  await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'ready' } });
}

const refusedFor = (jobId: string) => expect.objectContaining({ code: 'rotation_in_progress', extras: { jobId } });

describe('fifty simultaneous requests', () => {
  it('begin one rotation, and 49 get its job, also through two projects of one login', async () => {
    const projects = [adopted.projectId, await addProject()];
    const asked = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => ask(projects[i % 2])));
    const jobs = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value.jobId] : []));
    expect(jobs).toHaveLength(1);
    expect(asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toEqual(Array.from({ length: 49 }, () => refusedFor(jobs[0]!)));
    expect(await db.rotation.findMany({ where: { databaseId: adopted.databaseId } })).toMatchObject([{ jobId: jobs[0], state: 'requested' }]);
    expect(await db.job.count({ where: { databaseId: adopted.databaseId } })).toBe(1);
  });

  it('begin no second one even if the first ends before the last gets its turn', async () => {
    const before = monotonicMs();
    const { jobId } = await ask();
    const meanwhile = monotonicMs();
    await end(jobId);
    for (const receivedMark of [before, meanwhile]) await expect(ask(adopted.projectId, receivedMark)).rejects.toEqual(refusedFor(jobId));
    expect(await db.database.findUniqueOrThrow({ where: { id: adopted.databaseId } })).toMatchObject({ state: 'ready', latestJobId: jobId });
    expect((await ask()).jobId).not.toBe(jobId);
  });

  it.each([-3600, 3600])('are told apart even if the clocks of web and worker differ by %d s', async (seconds) => {
    const { jobId } = await ask();
    // So long ago that the way of the request to the store, which its wait leaves out, is not longer than the end takes.
    const meanwhile = monotonicMs() - 1_000;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
    await end(jobId);
    vi.useRealTimers();
    await expect(ask(adopted.projectId, meanwhile)).rejects.toEqual(refusedFor(jobId));
    expect((await ask()).jobId).not.toBe(jobId);
  });
});

it('rotates from the password that is current when the login is taken, not from one read before', async () => {
  let asking: Promise<unknown> = Promise.resolve();
  const next = newId('crd');
  await db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM databases WHERE id = ${adopted.databaseId} FOR UPDATE`;
    asking = ask();
    // It has read what it wants to and waits for the lock.
    await expect.poll(() => db.$queryRaw`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).toHaveLength(1);
    const old = await tx.credential.update({ where: { databaseId_version: { databaseId: adopted.databaseId, version: 1 } }, data: { state: 'retired' } });
    await tx.credential.create({ data: { ...old, id: next, version: 2, state: 'current' } });
  });
  await asking;
  expect(await db.rotation.findFirstOrThrow({ where: { databaseId: adopted.databaseId } })).toMatchObject({ fromCredentialId: next });
});

it.each(['verifying', 'needs_attention'] as const)('is refused for a login that is %s', async (state) => {
  await db.database.update({ where: { id: adopted.databaseId }, data: { state } });
  await expect(ask()).rejects.toMatchObject({ code: 'project_not_ready' });
  expect(await db.database.findUniqueOrThrow({ where: { id: adopted.databaseId } })).toMatchObject({ state });
});

it('is refused with the job of a rotation that needs attention', async () => {
  const { jobId } = await ask();
  await db.rotation.update({ where: { jobId }, data: { state: 'needs_attention' } });
  await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'needs_attention' } });
  await expect(ask()).rejects.toEqual(refusedFor(jobId));
});

it('is refused without a job id if another organization rotates the same role', async () => {
  const { jobId } = await ask();
  const rotation = await db.rotation.findUniqueOrThrow({ where: { jobId }, include: { database: true } });
  const { host, directPort: port } = rotation.database;
  const other = await adopt({
    target: withDirect(NOWHERE, { host, port }),
    login: { user: rotation.database.roleName, password: generatePassword() },
  });
  const refused = await requestRotation(other.context, other.projectId, {}).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DomainError);
  expect(refused).toMatchObject({ code: 'rotation_in_progress', extras: {} });
  expect(await db.database.findUniqueOrThrow({ where: { id: other.databaseId } })).toMatchObject({ state: 'ready' });
});
