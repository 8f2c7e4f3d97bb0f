// Rekey's own database is restored from a backup taken before a rotation, so the stored password differs from the server's.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { failureText } from '#lib/logins/failures.ts';
import { updateProject } from '#lib/projects/update-project.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { backUpStore } from '#scripts/testing/back-up-store.ts';
import { attemptAll, readRotation, request, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { connect } from '#scripts/testing/drive-sync.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';
import { claimDueChecks } from './claim-due-checks.ts';
import { runDailyCheck } from './daily-check.ts';
import { requestVerification } from './request-verification.ts';
import { verifyConnection } from './verify-connection.ts';

const fakes = await vi.hoisted(async () => (await import('#scripts/testing/provider-fakes.ts')).startProviderFakes());
let server: TestTarget;
beforeAll(async () => {
  server = await startTarget();
});
afterAll(() => Promise.all([fakes.stop(), server.stop()]));

const verdict = async (login: Login) => (await postgres.probe(server.target, 'direct', login)).verdict;
const held = async (role: string) => (await server.sql('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [role]))[0]?.rolpassword;
const failedLogins = (role: string) => server.log().split(`password authentication failed for user "${role}"`).length - 1;
const audited = async ({ projectId }: Adopted) => (await db.auditEvent.findMany({ where: { projectId }, orderBy: { seq: 'asc' } })).map(({ action }) => action);
const readLogin = ({ databaseId }: Adopted) =>
  db.database.findUniqueOrThrow({ where: { id: databaseId }, include: { credentials: { orderBy: { version: 'asc' } } } });
const states = async (adopted: Adopted) => (await readLogin(adopted)).credentials.map(({ version, state }) => `v${version} ${state}`);

/** The login with the oldest proof, which is checked next. */
const longAgo = ({ databaseId }: Adopted) => db.credential.updateMany({ where: { databaseId }, data: { directProvenAt: new Date(0) } });

/** As the sweep does. */
async function look({ databaseId }: Adopted): Promise<void> {
  expect((await claimDueChecks()).map(({ id }) => id)).toContain(databaseId);
  await runDailyCheck(databaseId, 'wrk_test');
}

/** One rotation up to where a worker dies. Its claim ends with it. */
async function dieAt(failpoint: string, adopted: Adopted): Promise<string> {
  const id = await request(adopted);
  await runWorker({ REKEY_FAILPOINTS: failpoint }).exited;
  return id;
}

it('a password that is not in the backup: found, nothing touched, and a person has a way out', async () => {
  const login = await server.createLogin('lost');
  const adopted = await adopt({ target: server.target, login });
  await longAgo(adopted);
  const restore = await backUpStore();
  await rotate(adopted);
  await rotate(adopted);
  const present = await storedLogin(adopted);
  const verifier = await held('lost');
  await restore();
  const failedBefore = failedLogins('lost');

  await look(adopted);
  const reason = failureText('current_password_refused');
  expect(reason).toContain('restored from an older backup');
  expect(await readLogin(adopted)).toMatchObject({ state: 'needs_attention', lastError: reason });
  expect(await states(adopted)).toEqual(['v1 current']);
  expect(await audited(adopted)).toEqual(['project.connection_refused']);
  expect(failedLogins('lost') - failedBefore).toBe(1);
  expect([await held('lost'), await verdict(present)]).toEqual([verifier, 'accepted']);

  // The password is lost: a person sets another on the server and enters it in Rekey.
  await expect(requestRotation(adopted.context, adopted.projectId, {})).rejects.toMatchObject({ code: 'project_not_ready' });
  await server.sql("ALTER ROLE lost PASSWORD 'set-by-hand'");
  const url = server.urlOf(login).replace(login.password.reveal(), 'set-by-hand');
  const { latest_job_id: jobId } = await updateProject(adopted.context, adopted.projectId, { connection_url: url });
  await verifyConnection(jobId ?? '', 'wrk_test');
  expect((await rotate(adopted)).state).toBe('completed');
  expect(await verdict(await storedLogin(adopted))).toBe('accepted');
});

it('nothing was rotated since: the restored store is right and does not change', async () => {
  const adopted = await adopt({ target: server.target, login: await server.createLogin('unmoved') });
  await longAgo(adopted);
  await (await backUpStore())();
  await look(adopted);
  expect(await readLogin(adopted)).toMatchObject({ state: 'ready', lastError: null });
  expect(await verdict(await storedLogin(adopted))).toBe('accepted');
});

describe('a rotation that was in progress at the time of the backup and had ended since', () => {
  it.each([
    ['apply.changed', 'applying'],
    ['promote.committed', 'promoted'],
  ])('from %s it completes with the password that the server holds', async (failpoint, state) => {
    const name = `under_way_${failpoint.replace('.', '_')}`;
    const adopted = await adopt({ target: server.target, login: await server.createLogin(name) });
    const id = await dieAt(failpoint, adopted);
    const restore = await backUpStore();
    expect((await attemptAll(id)).state).toBe('completed');
    const verifier = await held(name);
    await restore();
    expect((await readRotation(id)).state).toBe(state);
    expect((await attemptAll(id)).state).toBe('completed');
    expect([await held(name), await verdict(await storedLogin(adopted))]).toEqual([verifier, 'accepted']);
  });

  it('fails if it had not begun to send, and the next daily check finds the stored password that works', async () => {
    const adopted = await adopt({ target: server.target, login: await server.createLogin('staged') });
    const { integrationId } = await connect(adopted, fakes, 'vercel', { targets: ['production'] });
    await db.sync.deleteMany({ where: { integrationId } });
    await db.integrationTarget.updateMany({ where: { integrationId }, data: { version: 7, state: 'in_sync' } });
    const id = await dieAt('stage.committed', adopted);
    const restore = await backUpStore();
    expect((await attemptAll(id)).state).toBe('completed');
    const verifier = await held('staged');
    await restore();
    expect(await attemptAll(id)).toMatchObject({ state: 'failed', errorCode: 'current_password_refused', toCredential: { state: 'retired' } });
    const failedBefore = failedLogins('staged');

    await look(adopted);
    expect(await readLogin(adopted)).toMatchObject({ state: 'ready', lastError: null });
    expect(await states(adopted)).toEqual(['v1 retired', 'v2 current']);
    expect([await held('staged'), await verdict(await storedLogin(adopted))]).toEqual([verifier, 'accepted']);
    expect((await audited(adopted)).slice(-2)).toEqual(['project.credential_recovered', 'project.connection_verified']);
    // The server shows which version it holds.
    expect(failedLogins('staged') - failedBefore).toBe(0);
    expect(await db.event.findFirst({ where: { projectId: adopted.projectId }, orderBy: { createdAt: 'desc' } })).toMatchObject({
      type: 'job.completed',
      data: { job_type: 'project.verify_connection', from_version: 1, to_version: 2 },
    });
    // Whatever a target was said to hold: it is brought the one that works.
    expect(await db.sync.count({ where: { integrationId, finishedAt: null } })).toBe(1);
    expect(await db.integrationTarget.findFirst({ where: { integrationId } })).toMatchObject({ version: null, state: 'pending' });
    expect((await rotate(adopted)).state).toBe('completed');
  });
});

describe('the server was restored from a backup, and holds an old password again', () => {
  /** A login of which four versions are kept. */
  async function adoptOld(name: string): Promise<{ adopted: Adopted; old: (version: number) => string }> {
    const adopted = await adopt({ target: server.target, login: await server.createLogin(name) });
    const old = new Map<number, string>([[1, String(await held(name))]]);
    for (const version of [2, 3, 4]) {
      await rotate(adopted);
      old.set(version, String(await held(name)));
    }
    return { adopted, old: (version) => old.get(version) ?? '' };
  }
  const prove = async ({ context, projectId }: Adopted) => verifyConnection((await requestVerification(context, projectId)).jobId, 'wrk_test');

  it('a connection check finds it among the two newest', async () => {
    const { adopted, old } = await adoptOld('turned_back');
    await server.sql(`ALTER ROLE turned_back PASSWORD '${old(2)}'`);
    await prove(adopted);
    expect(await readLogin(adopted)).toMatchObject({ state: 'ready', lastError: null });
    expect(await states(adopted)).toEqual(['v1 retired', 'v2 current', 'v3 retired', 'v4 retired']);
    expect([await held('turned_back'), await verdict(await storedLogin(adopted))]).toEqual([old(2), 'accepted']);
    expect((await rotate(adopted)).toCredential?.version).toBe(5);
  });

  it('a daily check finds the oldest too, without a failed login', async () => {
    const { adopted, old } = await adoptOld('farthest_back');
    await server.sql(`ALTER ROLE farthest_back PASSWORD '${old(1)}'`);
    await longAgo(adopted);
    await look(adopted);
    expect(await states(adopted)).toEqual(['v1 current', 'v2 retired', 'v3 retired', 'v4 retired']);
    expect(failedLogins('farthest_back')).toBe(0);
    expect(await verdict(await storedLogin(adopted))).toBe('accepted');
  });

  it('where the server shows another password, older ones are not tried: at most three failed logins, and everything is kept', async () => {
    const { adopted } = await adoptOld('far_back');
    await server.sql("ALTER ROLE far_back PASSWORD 'somebody-elses'");
    const verifier = await held('far_back');
    const failedBefore = failedLogins('far_back');
    await longAgo(adopted);
    await look(adopted);
    expect(await readLogin(adopted)).toMatchObject({ state: 'needs_attention', lastError: failureText('current_password_refused') });
    expect(await states(adopted)).toEqual(['v1 retired', 'v2 retired', 'v3 retired', 'v4 current']);
    expect(failedLogins('far_back') - failedBefore).toBe(3);
    expect(await held('far_back')).toBe(verifier);
  });
});

itRecords('project.credential_recovered');
