// Sessions that are easily overlooked: the list is empty, and looks clean.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { rotatorAt } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget, targetVersions } from '#scripts/servers/test-target.ts';

describe.each(targetVersions)('sessions of PostgreSQL %s', (version) => {
  let server: TestTarget;
  beforeAll(async () => {
    server = await startTarget({ version, settings: { wal_level: 'logical' } });
  });
  afterAll(() => server.stop());

  async function connect(login: Login, config: pg.ClientConfig = {}): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: server.urlOf(login), ...config });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async function change(login: Login, attempt: string, as = login) {
    const next = { ...login, password: generatePassword() };
    const operator = await postgres.openOperator(server.target, as, attempt);
    const verifier = await postgres.makeVerifier(next.password, 4096);
    const { changedAt } = await operator.changePassword({ role: login.user, verifier, attempt, onTransaction: async () => {} });
    return { next, cut: { at: changedAt as Date, connectionId: null }, operator };
  }

  const countOf = async (login: Login) => Number((await server.sql('SELECT count(*) FROM pg_stat_activity WHERE usename = $1', [login.user]))[0]?.count);

  it('of a role that acts as another one are seen and ended', async () => {
    const login = await server.createLogin('mask');
    await server.sql('CREATE ROLE face; GRANT face TO mask; ALTER ROLE mask SET role = face');
    const clients = await Promise.all([connect(login), connect(login)]);
    const { next, cut, operator } = await change(login, 'rekey:mask:1');
    const again = await postgres.openOperator(server.target, next, 'rekey:mask:2');
    expect(await again.endOrphans('rekey:mask:')).toBe(1);
    const session = await postgres.openSession(server.target, next);
    expect(await session.listSessions(cut)).toMatchObject([{ count: 2, since: expect.any(Date) }]);
    expect(await session.endSessions(cut)).toBe(2);
    expect(await countOf(login)).toBe(2);
    await Promise.all([operator, again, session].map((one) => one.close()));
    await Promise.all(clients.map((client) => client.end()));
  });

  it('that replicate are ended too', async () => {
    const login = await server.createLogin('replica', { options: 'REPLICATION' });
    const client = await connect(login, { replication: 'database' } as pg.ClientConfig);
    // Before PostgreSQL 16 only a superuser changes the password of such a role, not even the role itself.
    expect(await postgres.inspect(server.target, login, rotatorAt(server.superuser, server.target))).toMatchObject({
      selfMayChange: version !== '15',
      rotatorMayChange: true,
    });
    const { next, cut, operator } = await change(login, 'rekey:replica:1', server.superuser);
    await operator.close();
    const session = await postgres.openSession(server.target, next);
    expect(await session.endSessions(cut)).toBe(1);
    await Promise.all([session.close(), client.end()]);
    await vi.waitFor(async () => expect(await countOf(login)).toBe(0), 60_000);
  });

  it('are ended many at a time, as fast as a few', async () => {
    const login = await server.createLogin('crowd');
    const clients = await Promise.all(Array.from({ length: 30 }, () => connect(login)));
    const { next, cut, operator } = await change(login, 'rekey:crowd:1');
    await operator.close();
    const session = await postgres.openSession(server.target, next);
    const began = performance.now();
    expect(await session.endSessions(cut)).toBe(30);
    // The server's own waiting would take 100 ms for each.
    expect(performance.now() - began).toBeLessThan(2_500);
    await Promise.all([session.close(), ...clients.map((client) => client.end())]);
  });

  it('of our own probes are not counted', async () => {
    const login = await server.createLogin('probed');
    const session = await postgres.openSession(server.target, login);
    for (let round = 0; round < 25; round += 1) {
      expect(await postgres.probe(server.target, 'direct', login)).toMatchObject({ verdict: 'accepted' });
      expect(await session.listSessions()).toEqual([]);
    }
    await session.close();
  });
});
