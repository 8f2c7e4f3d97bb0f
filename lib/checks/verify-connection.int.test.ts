// What the job of an adoption says, in words, of what will and will not work.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RightsWire } from '#lib/contract/project.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Login, Target } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import type { RotationFailure } from '#lib/logins/failure-codes.ts';
import { failureText } from '#lib/logins/failures.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { request } from '#scripts/testing/drive-rotation.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { requestVerification } from './request-verification.ts';
import { verifyConnection } from './verify-connection.ts';

vi.hoisted(() => {
  process.env.REKEY_BACKOFF_MS = '1';
});

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget({ pooler: 'auth_file', hba: ['host all trusting 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256'] });
});
afterAll(() => server.stop());

const direct = (): Target => ({ ...server.target, pooled: null });

const read = async ({ databaseId }: Adopted) => {
  const database = await db.database.findUniqueOrThrow({ where: { id: databaseId }, include: { server: true, credentials: true } });
  return { database, rights: database.rights as RightsWire, credential: database.credentials[0] };
};

async function verify(adopted: Adopted) {
  const { jobId } = await requestVerification(adopted.context, adopted.projectId);
  await verifyConnection(jobId, 'wrk_test');
  const [job, found, audit] = await Promise.all([
    db.job.findUniqueOrThrow({ where: { id: jobId } }),
    read(adopted),
    db.auditEvent.findMany({ where: { projectId: adopted.projectId }, orderBy: { createdAt: 'desc' }, take: 1 }),
  ]);
  return { job, ...found, audited: audit[0]?.action };
}

/** As an adoption leaves it: nothing is proven yet. */
async function adoptNew(login: Login, target = direct(), rotator?: Login): Promise<Adopted> {
  const adopted = await adopt({ target, login, ...(rotator && { rotator }) });
  await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'verifying' } });
  return adopted;
}

const notes = (rights: RightsWire) => rights.notes.map(({ tone, text }) => `${tone}: ${text}`);
const SESSIONS = 'ok: Open sessions can be seen and ended.';

it('is recorded once, by the later claim, if one worker claims it twice', async () => {
  const login = await server.createLogin('twice');
  const adopted = await adoptNew({ ...login, password: new Secret('another-one') });
  const { jobId } = await requestVerification(adopted.context, adopted.projectId);
  await Promise.all([verifyConnection(jobId, 'wrk_test'), verifyConnection(jobId, 'wrk_test')]);
  expect(await db.job.findUniqueOrThrow({ where: { id: jobId } })).toMatchObject({ state: 'failed', errorCode: 'current_password_refused' });
  expect(await db.auditEvent.count({ where: { projectId: adopted.projectId, action: 'project.connection_refused' } })).toBe(1);
  expect(await db.event.count({ where: { projectId: adopted.projectId, type: 'job.failed' } })).toBe(1);
});

describe('a login that is accepted', () => {
  it('may change itself', async () => {
    const login = await server.createLogin('selfish');
    const { job, database, rights, credential, audited } = await verify(await adoptNew(login));
    expect(job).toMatchObject({ state: 'completed', attempts: 1, error: null, completedAt: expect.any(Date) });
    expect(database).toMatchObject({ state: 'ready', lastError: null, inspectedAt: expect.any(Date), server: { version: expect.stringMatching(/^18\./) } });
    expect(rights).toMatchObject({ self_may_change: true, rotator_may_change: null, may_see_sessions: true, may_end_sessions: true });
    expect(notes(rights)).toEqual(['ok: Rotating works: selfish may change its own password.', SESSIONS]);
    expect(credential).toMatchObject({ state: 'current', directProvenAt: expect.any(Date), pooledProvenAt: null });
    const [held] = await server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'selfish'");
    expect(credential && (await openCredential(credential)).verifier).toBe(held?.rolpassword);
    expect(audited).toBe('project.connection_verified');
  });

  it('is changed by the rotator', async () => {
    const login = await server.createLogin('served');
    const rotator = await server.createRotator('serving', login);
    const { rights } = await verify(await adoptNew(login, direct(), rotator));
    expect(notes(rights)).toEqual(['ok: Rotating works: serving may change the password of served.', SESSIONS]);
  });

  it.each([
    ['has no right to it', false],
    ['cannot log in', true],
  ])('where the rotator %s says how to fix it', async (_, isLocked) => {
    const login = await server.createLogin(`unserved_${isLocked}`);
    const weak = await server.createLogin(`weak_${isLocked}`);
    const rotator = isLocked ? { ...weak, password: generatePassword() } : weak;
    const { job, rights } = await verify(await adoptNew(login, direct(), rotator));
    expect(job.state).toBe('completed');
    expect(rights).toMatchObject({ rotator_may_change: false });
    expect(notes(rights)).toContainEqual(
      expect.stringMatching(
        isLocked
          ? /^danger: Rotating will not work: the server rejects the rotator weak_true/
          : /^danger: Rotating will not work: .*GRANT "unserved_false" TO "weak_false" WITH ADMIN TRUE/,
      ),
    );
    // The rotator would be the one to change it.
    expect(notes(rights)).not.toContainEqual(expect.stringContaining('Rotating works'));
  });

  it('through the pooler too', async () => {
    const login = await server.createLogin('both_ways');
    const { database, rights, credential } = await verify(await adoptNew(login, server.target));
    expect(database.state).toBe('ready');
    expect(notes(rights)).toEqual([
      'ok: Rotating works: both_ways may change its own password.',
      SESSIONS,
      expect.stringMatching(/^warn: Only a rotation shows whether the pooler learns/),
    ]);
    expect(credential).toMatchObject({ directProvenAt: expect.any(Date), pooledProvenAt: expect.any(Date) });
  });

  it('and expires, shows the date', async () => {
    const login = await server.createLogin('expiring', { options: "VALID UNTIL '2099-01-01T00:00:00Z'" });
    const { rights } = await verify(await adoptNew(login));
    expect(notes(rights)).toContainEqual('warn: The role is valid until 2099-01-01T00:00:00.000Z; a rotation does not change that.');
  });
});

describe('a login that is not proven', () => {
  async function expectRefused(found: Awaited<ReturnType<typeof verify>>, code: RotationFailure, attempts: number, text = failureText(code)): Promise<void> {
    expect(found.job).toMatchObject({ state: 'failed', attempts, error: text, errorCode: code, completedAt: expect.any(Date) });
    expect(found.database).toMatchObject({ state: 'needs_attention', lastError: text });
    expect(found.credential).toMatchObject({ state: 'current', directProvenAt: null });
    expect(found.audited).toBe('project.connection_refused');
  }

  it('because the password is wrong: reported at once', async () => {
    const login = { ...(await server.createLogin('wrong')), password: generatePassword() };
    await expectRefused(await verify(await adoptNew(login)), 'current_password_refused', 1, expect.stringContaining('it has never worked here'));
  });

  it('because any password is accepted (trust)', async () => {
    await expectRefused(await verify(await adoptNew(await server.createLogin('trusting'))), 'target_unverifiable', 1);
  });

  it('because the pooler rejects it', async () => {
    const login = await server.createLogin('unfiled');
    server.pooler?.writeVerifiers({});
    await server.pooler?.reload();
    await expectRefused(await verify(await adoptNew(login, server.target)), 'pooler_refused_current', 1);
    await server.syncAuthFile();
  });

  it('because the database is missing', async () => {
    const login = await server.createLogin('lost');
    await expectRefused(await verify(await adoptNew(login, withDirect(direct(), { database: 'no_such_database' }))), 'database_missing', 1);
  });

  it('because the row was tampered with', async () => {
    const adopted = await adoptNew(await server.createLogin('tampered'));
    await db.credential.updateMany({ where: { databaseId: adopted.databaseId }, data: { sealed: 'rk1.tampered.with.it' } });
    await expectRefused(await verify(adopted), 'secret_unreadable', 1);
  });

  it('because the server is down: tried four times; stays ready if it was proven before', async () => {
    const login = await server.createLogin('away');
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port });
    const adopted = await adoptNew(login, withDirect(direct(), { port: proxy.port }));
    await proxy.refuse();
    await expectRefused(await verify(adopted), 'server_unreachable', 4);

    await proxy.accept();
    expect((await verify(adopted)).database).toMatchObject({ state: 'ready', lastError: null });
    await proxy.refuse();
    const { job, database } = await verify(adopted);
    expect(job).toMatchObject({ state: 'failed', attempts: 4, retryClassification: 'transient' });
    expect(database).toMatchObject({ state: 'ready', lastError: failureText('server_unreachable') });
    await proxy.stop();
  });

  it('any more, though it was: needs attention', async () => {
    const adopted = await adoptNew(await server.createLogin('drifted'));
    await verify(adopted);
    await server.sql("ALTER ROLE drifted PASSWORD 'changed-behind-our-back'");
    const { database } = await verify(adopted);
    expect(database).toMatchObject({ state: 'needs_attention', lastError: failureText('current_password_refused') });
  });

  it('of a login whose rotation needs attention is the next attempt of that rotation, made at once', async () => {
    const adopted = await adopt({ target: direct(), login: await server.createLogin('doubted') });
    const id = await request(adopted);
    const later = new Date(Date.now() + 600_000);
    const { jobId } = await db.rotation.update({ where: { id }, data: { state: 'needs_attention', nextAttemptAt: later } });
    await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'needs_attention' } });
    expect(await requestVerification(adopted.context, adopted.projectId)).toEqual({ jobId });
    expect((await db.rotation.findUniqueOrThrow({ where: { id } })).nextAttemptAt.getTime()).toBeLessThan(later.getTime());
    expect(await db.job.count({ where: { databaseId: adopted.databaseId, type: 'verify_connection', state: 'queued' } })).toBe(0);
  });

  it.each(['rotating_credentials', 'needs_attention'] as const)('beside a live rotation (%s): its state stays', async (state) => {
    const adopted = await adopt({ target: direct(), login: await server.createLogin(`busy_${state}`) });
    await request(adopted);
    await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'needs_attention' } });
    const { jobId } = await requestVerification(adopted.context, adopted.projectId);
    await db.database.update({ where: { id: adopted.databaseId }, data: { state } });
    await verifyConnection(jobId, 'wrk_test');
    expect((await read(adopted)).database.state).toBe(state);
  });
});

describe('a standby', () => {
  it('is reported as read-only', async () => {
    const standby = await startTarget();
    try {
      const login = await standby.createLogin('reader');
      await standby.becomeStandby();
      const { job, rights } = await verify(await adoptNew(login, standby.target));
      expect(job.state).toBe('completed');
      expect(rights).toMatchObject({ self_may_change: false });
      expect(notes(rights)[0]).toBe('danger: Rotating will not work here: the server is read-only, or follows another one. Enter the address of the primary.');
    } finally {
      await standby.stop();
    }
  });
});

itRecords('project.connection_verified', 'project.connection_refused');
