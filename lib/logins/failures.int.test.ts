// Each test is a way in which a rotation cannot be done. It ends with a stored URL that logs in and a reason a person understands.
import { networkInterfaces } from 'node:os';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login, Place, Target } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { findDueWork } from '#lib/sweep/find-due-work.ts';
import { withDirect, withTls } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { attempt, attemptAll, type DrivenRotation, readRotation, request, rotate, stepKinds, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { itRecords } from '#scripts/testing/records.ts';
import type { RotationFailure } from './failure-codes.ts';
import { failureText } from './failures.ts';
import { openCredential, sealCredential } from './sealing.ts';

vi.hoisted(() => {
  process.env.REKEY_POOLER_RETRY_MS = '5,10';
});

const hba = [
  // Whoever is made a member logs in with any password from then on.
  'host all +let_in 127.0.0.1/32 trust',
  'host all trusting 127.0.0.1/32 trust',
  'host all cleartext 127.0.0.1/32 password',
  'host all kept_out 127.0.0.1/32 reject',
  'host all older 127.0.0.1/32 md5',
  'host all all 127.0.0.1/32 scram-sha-256',
  'host all all ::1/128 scram-sha-256',
];

let server: TestTarget;
let proxy: TcpProxy;
let throughProxy: Target;
beforeAll(async () => {
  server = await startTarget({ hba, settings: { listen_addresses: '127.0.0.1,::1', log_connections: 'on' } });
  proxy = await startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port });
  throughProxy = withDirect(server.target, { port: proxy.port });
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

const verdict = async (login: Login, target = server.target, endpoint: 'direct' | 'pooled' = 'direct') =>
  (await postgres.probe(target, endpoint, login)).verdict;
const held = async (role: string, at = server) => (await at.sql('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [role]))[0]?.rolpassword;
const failedLogins = (role: string) => server.log().split(`password authentication failed for user "${role}"`).length - 1;

/** The rotation failed for that reason, says so everywhere, and left the project ready for the next one. */
function expectFailed(rotation: DrivenRotation, code: RotationFailure): void {
  const text = failureText(code);
  expect(rotation).toMatchObject({
    state: 'failed',
    errorCode: code,
    finishedAt: expect.any(Date),
    job: { state: 'failed', error: text, completedAt: expect.any(Date) },
    database: { state: 'ready', lastError: text },
    fromCredential: { state: 'current' },
  });
  if (rotation.toCredential) expect(rotation.toCredential.state).toBe('retired');
  expect(rotation.steps.at(-1)).toMatchObject({ kind: 'failed', detail: { code } });
}

async function expectCompleted(rotation: DrivenRotation, adopted: Adopted, target = server.target): Promise<void> {
  expect(rotation).toMatchObject({
    state: 'completed',
    errorCode: null,
    job: { state: 'completed', error: null },
    database: { state: 'ready', lastError: null },
  });
  expect(await verdict(await storedLogin(adopted), target)).toBe('accepted');
}

describe('before anything is sent', () => {
  interface Case {
    login?: (name: string) => Promise<Login>;
    rotator?: (login: Login) => Promise<Login>;
    target?: () => Partial<Place>;
    /** Whether the stored URL is a right one; by default it must log in afterwards. */
    isWrongUrl?: boolean;
  }
  const cases: [string, RotationFailure, Case][] = [
    [
      'changed_behind',
      'current_password_refused',
      { login: async (name) => ({ ...(await server.createLogin(name)), password: generatePassword() }), isWrongUrl: true },
    ],
    ['missing', 'current_password_refused', { login: async (user) => ({ user, password: generatePassword() }), isWrongUrl: true }],
    ['expired', 'current_password_refused', { login: (name) => server.createLogin(name, { options: "VALID UNTIL '2020-01-01'" }), isWrongUrl: true }],
    [
      'without_password',
      'current_password_refused',
      {
        login: async (name) => {
          const login = await server.createLogin(name);
          await server.sql(`ALTER ROLE ${name} PASSWORD NULL`);
          return login;
        },
        isWrongUrl: true,
      },
    ],
    [
      'no_login',
      'login_not_allowed',
      {
        login: async (name) => {
          const login = await server.createLogin(name);
          await server.sql(`ALTER ROLE ${name} NOLOGIN`);
          return login;
        },
        isWrongUrl: true,
      },
    ],
    ['kept_out', 'login_not_allowed', { isWrongUrl: true }],
    ['cleartext', 'cleartext_refused', { isWrongUrl: true }],
    ['trusting', 'target_unverifiable', {}],
    ['wants_tls', 'tls_refused', { target: () => ({ tls: { ...server.target.direct.tls, mode: 'require' } }), isWrongUrl: true }],
    ['elsewhere', 'database_missing', { target: () => ({ database: 'no_such_database' }) }],
    ['lost_name', 'host_not_found', { target: () => ({ host: 'no-such-host.invalid' }), isWrongUrl: true }],
    [
      'with_locked_rotator',
      'rotator_refused',
      { rotator: async (login) => ({ ...(await server.createRotator('locked_rotator', login)), password: generatePassword() }) },
    ],
  ];

  it.each(cases)('%s: %s', async (name, code, { login: create, rotator: createRotator, target: other, isWrongUrl }) => {
    const login = await (create ?? server.createLogin)(name);
    const before = await held(name);
    const target = withDirect(server.target, other?.() ?? {});
    const rotator = await createRotator?.(login);
    const adopted = await adopt({ target, login, ...(rotator && { rotator }) });
    const rotation = await rotate(adopted);

    expectFailed(rotation, code);
    expect(rotation).toMatchObject({ attempts: 1, toCredential: null, job: { attempts: 1, retryClassification: 'terminal' } });
    expect(stepKinds(rotation)).toEqual(['requested', 'failed']);
    expect(await held(name)).toBe(before);
    expect((await storedLogin(adopted)).password.reveal()).toBe(login.password.reveal());
    if (!isWrongUrl) expect(await verdict(login, target)).toBe('accepted');
  });

  it('waits for a server that is down until the deadline and never touches it', async () => {
    const login = await server.createLogin('down');
    const before = await held('down');
    const adopted = await adopt({ target: throughProxy, login });
    await proxy.refuse();
    const rotation = await rotate(adopted);
    await proxy.accept();

    expectFailed(rotation, 'server_unreachable');
    expect(rotation).toMatchObject({ attempts: 1, toCredential: null, job: { attempts: 1, retryClassification: 'transient' } });
    expect(stepKinds(rotation)).toEqual(['requested', 'waiting', 'failed']);
    expect(await held('down')).toBe(before);
    expect(await verdict(login, throughProxy)).toBe('accepted');
  });

  it('does not start a rotation whose deadline has passed', async () => {
    const login = await server.createLogin('late');
    const adopted = await adopt({ target: server.target, login });
    const id = await request(adopted);
    await db.rotation.update({ where: { id }, data: { deadlineAt: new Date(0) } });
    const rotation = await attempt(id);
    expectFailed(rotation, 'deadline_passed');
    expect(await verdict(login)).toBe('accepted');
  });

  it('does not touch a role whose connections are all taken', async () => {
    const login = await server.createLogin('limited', { options: 'CONNECTION LIMIT 1' });
    const app = new pg.Client({ connectionString: server.urlOf(login) });
    await app.connect();
    const adopted = await adopt({ target: server.target, login });
    const rotation = await rotate(adopted);
    expectFailed(rotation, 'server_full');
    expect((await app.query('SELECT 1')).rowCount).toBe(1);
    await app.end();
    expect(await verdict(login)).toBe('accepted');
    await expectCompleted(await rotate(adopted), adopted);
  });

  it('fails when the stored password cannot be decrypted', async () => {
    const login = await server.createLogin('unsealed');
    const adopted = await adopt({ target: server.target, login });
    await db.credential.updateMany({ where: { databaseId: adopted.databaseId }, data: { sealed: 'rk1.tampered.with.it' } });
    const rotation = await rotate(adopted);
    expectFailed(rotation, 'secret_unreadable');
    expect(await verdict(login)).toBe('accepted');
  });

  it('closes a login that arrives after the attempt has ended', async () => {
    const login = await server.createLogin('hasty');
    const rotator = await server.createRotator('slow_rotator', login);
    // So many iterations that the refusal of the other login is there first.
    await server.sql(`ALTER ROLE slow_rotator PASSWORD '${await postgres.makeVerifier(rotator.password, 400_000)}'`);
    const adopted = await adopt({ target: server.target, login: { ...login, password: generatePassword() }, rotator });
    expectFailed(await rotate(adopted), 'current_password_refused');
    await vi.waitFor(() => expect(server.log()).toContain('connection authorized: user=slow_rotator'), { timeout: 60_000 });
    await vi.waitFor(async () => expect(await server.sql("SELECT 1 FROM pg_stat_activity WHERE usename = 'slow_rotator'")).toEqual([]), 60_000);
  });
});

describe('where the login may not change the password', () => {
  it('a rotator without ADMIN of the role: the old password is proven', async () => {
    const login = await server.createLogin('not_admitted');
    const before = await held('not_admitted');
    const rotator = await server.createLogin('weak_rotator', { options: 'CREATEROLE' });
    const rotation = await rotate(await adopt({ target: server.target, login, rotator }));
    expectFailed(rotation, 'not_permitted');
    expect(rotation.proofs).toMatchObject({ old: { direct: { verdict: 'accepted' } } });
    expect(stepKinds(rotation).slice(-3)).toEqual(['undoing', 'undone', 'failed']);
    expect(await held('not_admitted')).toBe(before);
    expect(await verdict(login)).toBe('accepted');
  });

  it('a role kept from the lock that a change takes: nothing is sent, and the right to change is not what is missing', async () => {
    const login = await server.createLogin('kept_down');
    await server.sql('CREATE DATABASE hardened');
    const hardened = withDirect(server.target, { database: 'hardened' });
    const admin = new pg.Client({ connectionString: Object.assign(new URL(server.superuserUrl), { pathname: '/hardened' }).href });
    await admin.connect();
    await admin.query('REVOKE EXECUTE ON FUNCTION pg_advisory_xact_lock(bigint) FROM PUBLIC');
    await admin.end();
    const rotation = await rotate(await adopt({ target: hardened, login }));
    expectFailed(rotation, 'catalog_denied');
    expect(rotation.steps.map(({ kind }) => kind)).not.toContain('changed');
    expect(await verdict(login, hardened)).toBe('accepted');
  });

  it('a standby: nothing is sent', async () => {
    const standby = await startTarget();
    try {
      const login = await standby.createLogin('reader');
      await standby.becomeStandby();
      const rotation = await rotate(await adopt({ target: standby.target, login }));
      expectFailed(rotation, 'read_only');
      expect(stepKinds(rotation)).toEqual(['requested', 'failed']);
      expect(await verdict(login, standby.target)).toBe('accepted');
    } finally {
      await standby.stop();
    }
  });
});

describe('names and addresses', () => {
  it.each(['50% "off" \'now\'', 'größe/日本', 'a@b:c?d#e', 'back\\slash; --', '%41%zz'])('of the role %s', async (name) => {
    const login = await server.createLogin(name, { password: 'p%40ss w:/?#[]@"\'\\word' });
    const adopted = await adopt({ target: server.target, login });
    await expectCompleted(await rotate(adopted), adopted);
    expect(await verdict(login)).toBe('refused');
  });

  // Without IPv6 the machine has nothing to try it on.
  const loopbacks = Object.values(networkInterfaces()).flatMap((addresses) => addresses?.filter(({ internal }) => internal) ?? []);
  it.each(loopbacks.map(({ address }) => address).filter((address) => address === '::1' || address === '127.0.0.1'))('of the host %s', async (host) => {
    const login = await server.createLogin(`at_${host}`);
    const target = withDirect(server.target, { host });
    const adopted = await adopt({ target, login });
    await expectCompleted(await rotate(adopted), adopted, target);
  });

  it('a role that acts as another by default changes its own password', async () => {
    const login = await server.createLogin('actor');
    await server.sql('CREATE ROLE owning; GRANT owning TO actor; ALTER ROLE actor SET role = owning');
    const adopted = await adopt({ target: server.target, login });
    await expectCompleted(await rotate(adopted), adopted);
  });

  it("a verifier has the server's number of iterations", async () => {
    const login = await server.createLogin('costly');
    await server.sql('ALTER ROLE costly SET scram_iterations = 5000');
    const adopted = await adopt({ target: server.target, login });
    await expectCompleted(await rotate(adopted), adopted);
    expect(await held('costly')).toMatch(/^SCRAM-SHA-256\$5000:/);
  });

  it('a password stored as MD5 becomes SCRAM', async () => {
    const login = await server.createLogin('older');
    await server.sql(`SET password_encryption = 'md5'; ALTER ROLE older PASSWORD '${login.password.reveal()}'`);
    const adopted = await adopt({ target: withTls(server.target, { allowsMd5: true }), login });
    await expectCompleted(await rotate(adopted), adopted);
    expect(await held('older')).toMatch(/^SCRAM-SHA-256\$/);
  });
});

describe('after the change was sent', () => {
  it('a server that reported no time, as earlier releases could leave it: completed, and integrations and webhooks are updated', async () => {
    const login = await server.createLogin('timeless');
    const adopted = await adopt({ target: server.target, login });
    const { id, jobId } = await rotate(adopted);
    await db.rotation.update({ where: { id }, data: { state: 'promoted', changedAt: null, finishedAt: null } });
    await db.job.update({ where: { id: jobId }, data: { state: 'running' } });
    await db.credential.updateMany({ where: { databaseId: adopted.databaseId, version: 1 }, data: { state: 'retiring' } });
    const rotation = await attemptAll(id);
    await expectCompleted(rotation, adopted);
    expect(rotation.steps.find(({ kind }) => kind === 'sessions_unknown')).toMatchObject({ detail: { code: 'clock_missing' } });
  });

  it('a server that vanishes and returns: needs attention, then settled by the sweep', async () => {
    const login = await server.createLogin('vanishing');
    const adopted = await adopt({ target: throughProxy, login });
    const id = await request(adopted);
    void proxy.failOn('COMMIT', 'lose_answer').then(() => proxy.refuse());
    const lost = await attemptAll(id);
    expect(lost).toMatchObject({
      state: 'needs_attention',
      errorCode: 'server_unreachable',
      attempts: 2,
      job: { state: 'running', error: failureText('server_unreachable'), retryClassification: 'unknown' },
      database: { state: 'needs_attention', lastError: failureText('server_unreachable') },
      toCredential: { state: 'staged' },
      fromCredential: { state: 'current' },
    });
    expect(await verdict(login)).toBe('refused');
    // As often as it likes: neither password is given up.
    expect(await attempt(id)).toMatchObject({ state: 'needs_attention', toCredential: { state: 'staged' } });
    expect(stepKinds(await readRotation(id)).filter((kind) => kind === 'needs_attention')).toHaveLength(1);

    await proxy.accept();
    await db.rotation.update({ where: { id }, data: { nextAttemptAt: new Date(0) } });
    const due = await findDueWork('wrk_test');
    expect(due.rotations.map((item) => item.id)).toEqual([id]);
    const settled = await attempt(id);
    await expectCompleted(settled, adopted, throughProxy);
    expect(stepKinds(settled)).toContain('recovered');
    expect(settled.toCredential).toMatchObject({ id: lost.toCredential?.id, state: 'current' });
    expect(await db.credential.count({ where: { databaseId: adopted.databaseId } })).toBe(2);
  });

  it('a lost request or response has an unknown outcome, and the same password is sent again', async () => {
    for (const fault of ['lose_request', 'lose_answer'] as const) {
      const login = await server.createLogin(`cut_${fault}`);
      const adopted = await adopt({ target: throughProxy, login });
      const id = await request(adopted);
      const sprung = proxy.failOn('COMMIT', fault);
      const cut = await attempt(id);
      await sprung;
      expect(cut).toMatchObject({ state: 'applying', errorCode: 'connection_cut', attempts: 1, job: { state: 'running' } });
      const done = await attempt(id);
      await expectCompleted(done, adopted);
      expect(done.toCredentialId).toBe(cut.toCredentialId);
      expect(stepKinds(done).includes('recovered')).toBe(fault === 'lose_answer');
    }
  });

  it('a role locked by another session: retried, then completed', async () => {
    const login = await server.createLogin('locked');
    const adopted = await adopt({ target: server.target, login });
    const blocker = new pg.Client({ connectionString: server.superuserUrl });
    await blocker.connect();
    await blocker.query('BEGIN; ALTER ROLE locked CONNECTION LIMIT 50');
    const id = await request(adopted);
    expect(await attempt(id)).toMatchObject({ state: 'applying', errorCode: 'lock_busy', attempts: 1 });
    expect(await verdict(login)).toBe('accepted');
    await blocker.query('ROLLBACK');
    await blocker.end();
    await expectCompleted(await attempt(id), adopted);
  });

  it('a role with no connection left: the new password is still verified and handed out', async () => {
    const login = await server.createLogin('filled');
    const rotator = await server.createRotator('filled_rotator', login);
    const adopted = await adopt({ target: throughProxy, login, rotator });
    const id = await request(adopted);
    await Promise.all([proxy.failOn('COMMIT', 'lose_answer'), attempt(id)]);
    await server.sql('ALTER ROLE filled CONNECTION LIMIT 0');
    const full = await attempt(id);
    expect(await verdict(await storedLogin(adopted))).toBe('accepted');
    expect(full).toMatchObject({ state: 'completed', sessionsLeft: null });
  });

  it('a server that accepts the old password too: not completed until it rejects it', async () => {
    const login = await server.createLogin('lenient');
    const adopted = await adopt({ target: throughProxy, login });
    const id = await request(adopted);
    await Promise.all([proxy.failOn('COMMIT', 'lose_answer'), attempt(id)]);
    await Promise.all([proxy.failOn('pg_stat_activity', 'lose_request'), attempt(id)]);
    const { state, proofs } = await readRotation(id);
    expect(state).toBe('promoted');
    // The old password is tried while the sessions are listed: it may have been seen rejected by now, which would count.
    await db.rotation.update({ where: { id }, data: { proofs: { ...(proofs as object), old: {} } } });
    await server.sql('CREATE ROLE let_in; GRANT let_in TO lenient');
    expect(await attemptAll(id)).toMatchObject({ state: 'needs_attention', errorCode: 'old_password_accepted', job: { state: 'running' } });
    await server.sql('REVOKE let_in FROM lenient');
    const done = await attempt(id);
    await expectCompleted(done, adopted);
    expect(done.proofs).toMatchObject({ old: { direct: { verdict: 'refused' } } });
  });

  it('an internal error does not keep it rotating forever', async () => {
    const login = await server.createLogin('faulty');
    const adopted = await adopt({ target: throughProxy, login });
    const id = await request(adopted);
    await Promise.all([proxy.failOn('COMMIT', 'lose_request'), attempt(id)]);
    // A staged credential without its verifier cannot be: the first step that needs it fails.
    const { toCredential: staged } = await readRotation(id);
    if (!staged) throw new Error('nothing is staged');
    await db.credential.update({
      where: { id: staged.id },
      data: { sealed: await sealCredential(staged, { ...(await openCredential(staged)), verifier: null }) },
    });
    await expect(attempt(id)).rejects.toThrow();
    expect(await readRotation(id)).toMatchObject({ state: 'applying', claimedBy: null });
    await db.rotation.update({ where: { id }, data: { deadlineAt: new Date(0) } });
    expect(await attempt(id)).toMatchObject({ state: 'needs_attention', errorCode: 'unforeseen', database: { state: 'needs_attention' } });
    await db.credential.update({ where: { id: staged.id }, data: { sealed: staged.sealed } });
    await expectCompleted(await attempt(id), adopted);
  });

  it('someone sets a third password meanwhile: both are kept, and the rotation continues once the old one is back', async () => {
    const login = await server.createLogin('contested');
    const before = await held('contested');
    const adopted = await adopt({ target: throughProxy, login });
    const id = await request(adopted);
    await Promise.all([proxy.failOn('COMMIT', 'lose_request'), attempt(id)]);
    await server.sql(`ALTER ROLE contested PASSWORD 'third-password-of-somebody'`);

    const lost = await attempt(id);
    expect(lost).toMatchObject({
      state: 'needs_attention',
      errorCode: 'both_refused',
      database: { state: 'needs_attention', lastError: failureText('both_refused') },
    });
    const refusals = failedLogins('contested');
    await attempt(id);
    expect(failedLogins('contested') - refusals).toBeLessThanOrEqual(3);
    await server.sql(`ALTER ROLE contested PASSWORD '${before}'`);
    await expectCompleted(await attempt(id), adopted);
  });

  it('one pass makes at most three failed logins', async () => {
    const login = await server.createLogin('counted');
    const adopted = await adopt({ target: throughProxy, login });
    const id = await request(adopted);
    const pass = async () => {
      const before = failedLogins('counted');
      await attempt(id);
      return failedLogins('counted') - before;
    };
    void proxy.failOn('COMMIT', 'lose_request');
    expect(await pass()).toBeLessThanOrEqual(3);
    await server.sql(`ALTER ROLE counted PASSWORD 'third-password-of-somebody'`);
    for (let i = 0; i < 3; i++) expect(await pass()).toBeLessThanOrEqual(3);
  });
});

describe('a pooler that keeps rejecting the new password (auth_file)', () => {
  let pooled: TestTarget;
  beforeAll(async () => {
    pooled = await startTarget({ pooler: 'auth_file' });
  });
  afterAll(() => pooled.stop());

  it.each(['role', 'rotator'] as const)('changed by the %s: the old password is restored with its exact verifier', async (by) => {
    const login = await pooled.createLogin(`filed_${by}`);
    const before = await held(login.user, pooled);
    const rotator = by === 'rotator' ? await pooled.createRotator('filed_by', login) : undefined;
    const adopted = await adopt({ target: pooled.target, login, ...(rotator && { rotator }) });
    const rotation = await rotate(adopted);

    expectFailed(rotation, 'pooler_refused_new');
    expect(rotation).toMatchObject({ attempts: 1, proofs: { old: { direct: { verdict: 'accepted' }, pooled: { verdict: 'accepted' } } } });
    expect(stepKinds(rotation)).toEqual(['requested', 'preflight', 'staged', 'changed', 'direct_ok', 'retrying', 'undoing', 'undone', 'failed']);
    expect(await held(login.user, pooled)).toBe(before);
    const stored = await storedLogin(adopted);
    expect(stored.password.reveal()).toBe(login.password.reveal());
    for (const endpoint of ['direct', 'pooled'] as const) expect(await verdict(stored, pooled.target, endpoint)).toBe('accepted');
    const [current] = await db.credential.findMany({ where: { databaseId: adopted.databaseId, state: 'current' } });
    expect(current && (await openCredential(current)).verifier).toBe(before);

    // Again, to the same end: nothing of the first try is in the way.
    expectFailed(await rotate(adopted), 'pooler_refused_new');
    expect(await held(login.user, pooled)).toBe(before);
  });

  it('that rejects the current password is found before anything is sent', async () => {
    const login = await pooled.createLogin('unfiled');
    const present = generatePassword();
    await pooled.sql(`ALTER ROLE unfiled PASSWORD '${await postgres.makeVerifier(present, 4096)}'`);
    const before = await held('unfiled', pooled);
    const rotation = await rotate(await adopt({ target: pooled.target, login: { ...login, password: present } }));
    expectFailed(rotation, 'pooler_refused_current');
    expect(stepKinds(rotation)).toEqual(['requested', 'failed']);
    expect(await held('unfiled', pooled)).toBe(before);
  });

  it('restores the old password when the rotator is gone: the role changes its own', async () => {
    const login = await pooled.createLogin('orphaned');
    const before = await held('orphaned', pooled);
    const rotator = await pooled.createRotator('dropped_rotator', login);
    const through = await startTcpProxy({ host: '127.0.0.1', port: pooled.target.direct.port });
    const adopted = await adopt({ target: withDirect(pooled.target, { port: through.port }), login, rotator });
    const id = await request(adopted);
    await Promise.all([through.failOn('COMMIT', 'lose_answer'), attempt(id)]);
    await pooled.sql('DROP ROLE dropped_rotator');
    expectFailed(await attemptAll(id), 'pooler_refused_new');
    expect(await held('orphaned', pooled)).toBe(before);
    await through.stop();
  });
});

itRecords('project.rotation_failed', 'project.rotation_needs_attention');
