// Each test is a way in which a change gets lost, comes too late, or comes twice.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login, Operator, Target } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { rotatorAt, withDirect } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget, targetVersions } from '#scripts/servers/test-target.ts';

describe.each(targetVersions)('a change on PostgreSQL %s', (version) => {
  let server: TestTarget;
  let proxy: TcpProxy;
  let throughProxy: Target;
  let count = 0;
  beforeAll(async () => {
    // Off, as some run it: an acknowledged commit may be lost in a crash.
    server = await startTarget({ version, settings: { synchronous_commit: 'off', wal_writer_delay: '10s', log_statement: 'all' } });
    proxy = await startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port });
    throughProxy = withDirect(server.target, { port: proxy.port });
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  const newLogin = (options = '') => server.createLogin(`app_${++count}`, { options });
  const statusOf = async (xid: string) => (await server.sql('SELECT pg_xact_status($1::xid8) AS status', [xid]))[0]?.status;
  const verdictOf = async (login: Login) => (await postgres.probe(server.target, 'direct', login)).verdict;
  const verdicts = (old: Login, next: Login) => Promise.all([verdictOf(old), verdictOf(next)]);

  /** One change of the role's own password, by way of the target given. */
  async function begin(login: Login, target = server.target, attempt = 'rekey:t:1') {
    const next = { ...login, password: generatePassword() };
    const verifier = await postgres.makeVerifier(next.password, 4096);
    const operator = await postgres.openOperator(target, login, attempt);
    let xid = '';
    const onTransaction = async (id: string | null) => {
      xid = id ?? '';
    };
    const done = operator.changePassword({ role: login.user, verifier, attempt, onTransaction });
    done.catch(() => {});
    return { next, operator, done, verifier, xid: () => xid };
  }

  /** Holds a lock that keeps every change of a role waiting, logins not. */
  async function withLock(work: (release: () => Promise<void>) => Promise<void>): Promise<void> {
    const blocker = new pg.Client({ connectionString: server.superuserUrl });
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE pg_authid IN SHARE ROW EXCLUSIVE MODE');
    await work(async () => void (await blocker.query('ROLLBACK'))).finally(() => blocker.end());
  }

  const waiting = async (attempt: string) =>
    (await server.sql("SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'", [attempt])).length === 1;
  const gone = async (attempt: string) => (await server.sql('SELECT 1 FROM pg_stat_activity WHERE application_name = $1', [attempt])).length === 0;
  const until = (condition: () => Promise<boolean>) => vi.waitFor(async () => expect(await condition()).toBe(true), { timeout: 60_000, interval: 25 });

  it('whose response is lost is known to have been committed', async () => {
    const login = await newLogin();
    void proxy.failOn('COMMIT', 'lose_answer');
    const { next, done, xid, operator } = await begin(login, throughProxy);
    await expect(done).rejects.toMatchObject({ code: 'connection_cut', transient: true });
    const again = await postgres.openOperator(server.target, next, 'rekey:t:2');
    expect(await statusOf(xid())).toBe('committed');
    expect(await verdicts(login, next)).toEqual(['refused', 'accepted']);
    await Promise.all([operator.close(), again.close()]);
  });

  it('that never arrives is known to have been aborted', async () => {
    const login = await newLogin();
    void proxy.failOn('COMMIT', 'lose_request');
    const { next, done, xid, operator } = await begin(login, throughProxy);
    await expect(done).rejects.toMatchObject({ code: 'connection_cut', transient: true });
    const again = await postgres.openOperator(server.target, login, 'rekey:t:2');
    await again.endOrphans('rekey:t:1');
    expect(await statusOf(xid())).toBe('aborted');
    expect(await verdicts(login, next)).toEqual(['accepted', 'refused']);
    await Promise.all([operator.close(), again.close()]);
  });

  it('blocked in the server is ended as an orphan and has no effect', async () => {
    const login = await newLogin();
    await withLock(async (release) => {
      const { next, done, xid, operator } = await begin(login, throughProxy);
      await until(() => waiting('rekey:t:1'));
      const again = await postgres.openOperator(server.target, login, 'rekey:t:2');
      expect(await again.endOrphans('rekey:t:')).toBe(1);
      await expect(done).rejects.toMatchObject({ code: 'connection_cut', transient: true });
      expect(await statusOf(xid())).toBe('aborted');
      await release();
      expect(await verdicts(login, next)).toEqual(['accepted', 'refused']);
      await Promise.all([operator.close(), again.close()]);
    });
  });

  it('of an orphan that cannot be ended may still land: the next attempt waits', async () => {
    const login = await newLogin();
    await withLock(async (release) => {
      const { done, operator } = await begin(login, throughProxy);
      await until(() => waiting('rekey:t:1'));
      const [backend] = await server.sql("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'rekey:t:1%'");
      process.kill(Number(backend?.pid), 'SIGSTOP');
      const again = await postgres.openOperator(server.target, login, 'rekey:t:2');
      try {
        await expect(again.endOrphans('rekey:t:')).rejects.toMatchObject({ code: 'lock_busy', transient: true });
      } finally {
        process.kill(Number(backend?.pid), 'SIGCONT');
      }
      await expect(done).rejects.toMatchObject({ transient: true });
      expect(await again.endOrphans('rekey:t:')).toBe(0);
      await release();
      await Promise.all([operator.close(), again.close()]);
    });
  });

  it('whose client died while it was blocked is canceled by the server', async () => {
    const login = await newLogin();
    await withLock(async (release) => {
      const { next, done, operator } = await begin(login, throughProxy);
      await until(() => waiting('rekey:t:1'));
      const died = Date.now();
      proxy.cut();
      await expect(done).rejects.toMatchObject({ code: 'connection_cut' });
      await until(() => gone('rekey:t:1'));
      // Sooner than by the time-out for locks.
      expect(Date.now() - died).toBeLessThan(2_500);
      await release();
      expect(await verdicts(login, next)).toEqual(['accepted', 'refused']);
      await operator.close();
    });
  });

  it('gives up waiting for a lock, and the operator can try again', async () => {
    const login = await newLogin();
    let held: Awaited<ReturnType<typeof begin>> | undefined;
    await withLock(async (release) => {
      held = await begin(login);
      await expect(held.done).rejects.toMatchObject({ code: 'lock_busy', transient: true });
      expect(await verdicts(login, held.next)).toEqual(['accepted', 'refused']);
      await release();
    });
    const { operator, verifier, next } = held as { operator: Operator; verifier: string; next: Login };
    await operator.changePassword({ role: login.user, verifier, attempt: 'rekey:t:1', onTransaction: async () => {} });
    await operator.close();
    expect(await verdicts(login, next)).toEqual(['refused', 'accepted']);
  });

  it('that meets a change by someone else is busy, not lost', async () => {
    const login = await newLogin();
    const stranger = new pg.Client({ connectionString: server.superuserUrl });
    await stranger.connect();
    await stranger.query(`BEGIN; ALTER ROLE ${login.user} CONNECTION LIMIT 50`);
    const { done, next, operator } = await begin(login);
    await until(() => waiting('rekey:t:1'));
    await stranger.query('COMMIT');
    await expect(done).rejects.toMatchObject({ code: 'lock_busy', transient: true });
    expect(await verdicts(login, next)).toEqual(['accepted', 'refused']);
    await Promise.all([operator.close(), stranger.end()]);
  });

  it('survives a crash once it was acknowledged', async () => {
    const login = await newLogin();
    // What came before is on disk; from here on only the change itself may flush.
    await server.sql('CHECKPOINT');
    const { done, next, operator } = await begin(login);
    await done;
    await server.down('crash');
    await server.start();
    expect(await verdicts(login, next)).toEqual(['refused', 'accepted']);
    await operator.close();
  });

  it('is made by a role that is read-only by default', async () => {
    const login = await newLogin();
    await server.sql(`ALTER ROLE ${login.user} SET default_transaction_read_only = on`);
    const { done, next, operator } = await begin(login);
    await done;
    await operator.close();
    expect(await verdicts(login, next)).toEqual(['refused', 'accepted']);
    expect(await postgres.inspect(server.target, next, null)).toMatchObject({ selfMayChange: true, isReadOnly: false });
  });

  it('of a role that is gone says so', async () => {
    const operator = await postgres.openOperator(server.target, server.superuser, 'rekey:t:1');
    const verifier = await postgres.makeVerifier(generatePassword(), 4096);
    const change = operator.changePassword({ role: 'was_dropped', verifier, attempt: 'rekey:t:1', onTransaction: async () => {} });
    await expect(change).rejects.toMatchObject({ code: 'role_missing', transient: false });
    await operator.close();
  });

  it('needs the ADMIN option since PostgreSQL 16', async () => {
    const login = await newLogin();
    const rotator = await newLogin('CREATEROLE');
    const { rotatorMayChange } = await postgres.inspect(server.target, login, rotatorAt(rotator, server.target));
    expect(rotatorMayChange).toBe(version === '15');
    const granted = await server.createRotator(`rotator_${count}`, login);
    expect(await postgres.inspect(server.target, login, rotatorAt(granted, server.target))).toMatchObject({ rotatorMayChange: true });
  });

  it('takes its iterations from the server', async () => {
    const login = await newLogin();
    if (version !== '15') await server.sql(`ALTER ROLE ${login.user} SET scram_iterations = 5000`);
    const session = await postgres.openSession(server.target, login);
    const { iterations, authenticationTimeoutSeconds } = await session.inspect();
    await session.close();
    expect([iterations, authenticationTimeoutSeconds]).toEqual([version === '15' ? 4096 : 5000, 60]);
  });

  it('is known to be impossible on a standby', async () => {
    const login = await newLogin();
    const rotator = await server.createRotator(`rotator_${count}`, login);
    await server.becomeStandby();
    expect(await postgres.inspect(server.target, login, rotatorAt(rotator, server.target))).toMatchObject({
      isReadOnly: true,
      selfMayChange: false,
      rotatorMayChange: false,
    });
    const { done, next, operator } = await begin(login);
    await expect(done).rejects.toMatchObject({ code: 'read_only', transient: false });
    await operator.close();
    expect(await verdicts(login, next)).toEqual(['accepted', 'refused']);
  });
});
