// What stands around a MariaDB account, as people run it: replicas, a limit on failed logins, a proxy with a copy of its own.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import type { Login, Target } from '#lib/engines/engine.ts';
import { mysql } from '#lib/engines/mysql.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { withPooled } from '#scripts/servers/place.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { attempt, attemptAll, request, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';

const at = vi.hoisted(() => {
  process.env.REKEY_POOLER_RETRY_MS = '50,100';
  process.env.REKEY_BACKOFF_MS = '10';
  return { point: '', act: async (): Promise<unknown> => undefined };
});
// What others do at a moment of a rotation.
vi.mock('#lib/kernel/failpoint.ts', async (original) => ({
  ...(await original<typeof import('#lib/kernel/failpoint.ts')>()),
  failpoint: (name: string) => (name === at.point ? at.act() : undefined),
}));
afterEach(() => {
  at.point = '';
});

let server: MariadbTarget;
let other: MariadbTarget;
let rotator: Login;
beforeAll(async () => {
  [server, other] = await Promise.all([startMariadbTarget(), startMariadbTarget({ settings: { 'server-id': '2' } })]);
  rotator = await server.createRotator('rotator');
});
afterAll(() => Promise.all([server.stop(), other.stop()]));

const portOf = ({ target }: MariadbTarget): number => target.direct.port;
const adoptHere = (login: Login, by?: Login, target: Target = server.target): Promise<Adopted> =>
  adopt({ engine: 'mysql', target, login, ...(by && { rotator: by }) });
const newLogin = () => server.createLogin(newId('usr').toLowerCase());
const probe = (login: Login, on: MariadbTarget = server) => mysql.probe(on.target, 'direct', login);
const verdicts = (...logins: Login[]) => Promise.all(logins.map(async (login) => (await probe(login)).verdict));

describe('replication', () => {
  const status = async () => {
    const [row] = await other.sql('SHOW SLAVE STATUS');
    return row as { Slave_SQL_Running: string; Last_SQL_Errno: number; Exec_Master_Log_Pos: number };
  };
  const caughtUp = () =>
    vi.waitFor(async () => {
      const [[master], { Last_SQL_Errno: error, Exec_Master_Log_Pos: position }] = await Promise.all([server.sql('SHOW MASTER STATUS'), status()]);
      expect(error || position === master?.Position).toBeTruthy();
    }, 10_000);
  beforeAll(async () => {
    const [master] = await server.sql('SHOW MASTER STATUS');
    await other.sql(
      `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${portOf(server)}, MASTER_USER = 'admin', MASTER_PASSWORD = '${server.admin.password.reveal()}', MASTER_LOG_FILE = '${master?.File}', MASTER_LOG_POS = ${master?.Position}`,
    );
    await other.sql('START SLAVE');
  });
  afterAll(() => other.sql('STOP SLAVE').then(() => other.sql('RESET SLAVE ALL')));

  it('continues after a rotation by a rotator, even if a replica lacks an account', async () => {
    const login = await newLogin();
    await caughtUp();
    await other.sql("DROP USER ?@'%'", [login.user]);
    expect(await rotate(await adoptHere(login, rotator))).toMatchObject({ state: 'completed' });
    await caughtUp();
    expect(await status()).toMatchObject({ Slave_SQL_Running: 'Yes', Last_SQL_Errno: 0 });
    const { File: file } = (await server.sql('SHOW MASTER STATUS'))[0] ?? {};
    const written = (await server.sql(`SHOW BINLOG EVENTS IN '${file}'`)).map(({ Info }) => String(Info)).filter((text) => text.includes(`'${login.user}'@`));
    const changes = written.filter((text) => text.includes('ALTER USER'));
    expect(changes.length).toBeGreaterThan(0);
    // No database that a replica may lack, and no time limit that would count there too.
    for (const text of changes) expect(text).toMatch(/^ALTER USER IF EXISTS /);
  });

  it('is not put at risk by a change by the account itself', async () => {
    const login = await newLogin();
    const adopted = await adoptHere(login);
    expect(await rotate(adopted)).toMatchObject({ state: 'failed', errorCode: 'replicas_need_rotator', changedAt: null });
    expect(await mysql.inspect(server.target, login, null)).toMatchObject({ selfMayChange: false, changeFailure: 'replicas_need_rotator' });
    expect(await verdicts(login)).toEqual(['accepted']);
  });
});

describe('a limit on failed logins', () => {
  const limit = (count: number | string) => server.sql(`SET GLOBAL max_password_errors = ${count}`);
  afterAll(() => limit('DEFAULT'));
  const fail = async (login: Login, times: number) => {
    for (let i = 0; i < times; i++) await server.connect({ ...login, password: rotator.password }).catch(() => undefined);
  };

  it.each(['a rotator', 'the account itself'])('of 1 is not reached by adoption nor by a rotation by %s', async (by) => {
    await limit(1);
    const login = await newLogin();
    const adopted = await adoptHere(login, by === 'a rotator' ? rotator : undefined);
    const { organizationId } = adopted.context;
    const job = await db.job.create({
      data: {
        id: newId('job'),
        organizationId,
        databaseId: adopted.databaseId,
        projectId: adopted.projectId,
        type: 'verify_connection',
        maxAttempts: 4,
        requestedBy: 'test',
      },
    });
    await verifyConnection(job.id, 'wrk_test');
    expect(await verdicts(login)).toEqual(['accepted']);
    const { rights } = await db.database.findUniqueOrThrow({ where: { id: adopted.databaseId } });
    expect(JSON.stringify(rights)).toContain('after 1 failed login in a row');
    const rotation = await rotate(adopted);
    expect(rotation).toMatchObject({ state: 'completed', proofs: { old: { direct: { verdict: 'refused', by: 'account' } } } });
    expect(await verdicts(await storedLogin(adopted))).toEqual(['accepted']);
    await limit('DEFAULT');
    expect(await verdicts(login)).toEqual(['refused']);
  });

  it('reached by a client before a rotation is lifted by the rotator', async () => {
    await limit(5);
    const login = await newLogin();
    const adopted = await adoptHere(login, rotator);
    await fail(login, 5);
    expect(await probe(login)).toMatchObject({ verdict: 'unknown', failure: 'account_blocked' });
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
    expect(await verdicts(await storedLogin(adopted))).toEqual(['accepted']);
  });

  it('reached by a client in the middle of a rotation is lifted before it completes', async () => {
    await limit(5);
    const login = await newLogin();
    const adopted = await adoptHere(login, rotator);
    at.point = 'prove.refused';
    at.act = () => fail(login, 6);
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
    expect(await verdicts(await storedLogin(adopted))).toEqual(['accepted']);
  });

  it('does not count a client that has the old password while it still works', async () => {
    await limit(5);
    const login = await newLogin();
    const adopted = await adoptHere(login, rotator);
    const seen: string[] = [];
    at.point = 'promote.committed';
    at.act = async () => {
      for (let i = 0; i < 6; i++) seen.push((await probe(login)).verdict);
    };
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
    expect(seen).toEqual(Array(6).fill('accepted'));
    await limit('DEFAULT');
    expect(await verdicts(await storedLogin(adopted), login)).toEqual(['accepted', 'refused']);
  });

  it('is reported if no login can unblock the account, and the rotation continues once it is unblocked', async () => {
    await limit(5);
    const login = await newLogin();
    const adopted = await adoptHere(login);
    const id = await request(adopted);
    at.point = 'apply.changed';
    at.act = () => fail(login, 6);
    const blocked = await attemptAll(id);
    expect(blocked).toMatchObject({ state: 'needs_attention', errorCode: 'account_blocked' });
    expect(blocked.database.lastError).toContain('FLUSH PRIVILEGES');
    at.point = '';
    await server.sql('FLUSH PRIVILEGES');
    expect(await attempt(id)).toMatchObject({ state: 'completed' });
    expect(await verdicts(await storedLogin(adopted))).toEqual(['accepted']);
  });
});

describe('a proxy with its own copy of the password', () => {
  /** The account on the proxy, with its rights there. */
  const copy = async (login: Login) => {
    const [row] = await server.sql("SELECT json_value(Priv, '$.authentication_string') AS hash FROM mysql.global_priv WHERE User = ?", [login.user]);
    await other.sql(`CREATE OR REPLACE USER ?@'%' IDENTIFIED VIA mysql_native_password USING '${row?.hash}'`, [login.user]);
    await other.sql("GRANT ALL ON shop.* TO ?@'%'", [login.user]);
  };
  const behindProxy = (): Target => withPooled(server.target, { port: portOf(other) });
  /** Logs in with the old password, here and through the proxy, until it is told to end. How often it was rejected. */
  const useOld = (login: Login) => {
    let isOver = false;
    const run = async () => {
      const rejected = { direct: 0, proxy: 0 };
      while (!isOver) {
        const [direct, proxy] = await Promise.all([probe(login), probe(login, other)]);
        if (direct.verdict !== 'accepted') rejected.direct += 1;
        if (proxy.verdict !== 'accepted') rejected.proxy += 1;
      }
      return rejected;
    };
    const running = run();
    return () => {
      isOver = true;
      return running;
    };
  };

  it('keeps both passwords valid until it accepts the new one', async () => {
    const login = await newLogin();
    await copy(login);
    const adopted = await adoptHere(login, rotator, behindProxy());
    const id = await request(adopted);
    const end = useOld(login);
    const waiting = await attempt(id);
    expect(waiting).toMatchObject({ state: 'verifying', errorCode: 'pooler_refused_new' });
    expect(await end()).toEqual({ direct: 0, proxy: 0 });
    // As proxysql-admin --syncusers does.
    await copy(login);
    expect(await attemptAll(id)).toMatchObject({
      state: 'completed',
      proofs: { new: { pooled: { verdict: 'accepted' } }, old: { pooled: { verdict: 'refused' } } },
    });
    const next = await storedLogin(adopted);
    expect([(await probe(next)).verdict, (await probe(next, other)).verdict]).toEqual(['accepted', 'accepted']);
    expect([(await probe(login)).verdict, (await probe(login, other)).verdict]).toEqual(['refused', 'refused']);
  });

  it('that never accepts the new one rejects nobody: the old one stays', async () => {
    const login = await newLogin();
    await copy(login);
    const adopted = await adoptHere(login, rotator, behindProxy());
    const end = useOld(login);
    const rotation = await rotate(adopted);
    expect(await end()).toEqual({ direct: 0, proxy: 0 });
    expect(rotation).toMatchObject({ state: 'failed', errorCode: 'pooler_refused_new' });
    expect(rotation.job.error).toContain('mysql_users');
    expect(rotation.job.error).not.toMatch(/auth_file|PgBouncer/i);
    expect((await storedLogin(adopted)).password.reveal()).toBe(login.password.reveal());
    const [row] = await server.sql("SHOW CREATE USER ?@'%'", [login.user]);
    expect(Object.values(row ?? {})).toEqual([expect.stringContaining('IDENTIFIED BY PASSWORD')]);
  });
});
