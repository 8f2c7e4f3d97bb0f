// What a pooler says of a password, and when it is not what the server behind it would say.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Endpoint, Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { withDirect, withPooled } from '#scripts/servers/place.ts';
import { hasPooler, startTarget, type TestTarget } from '#scripts/servers/test-target.ts';

const methods = hasPooler ? (['auth_query', 'auth_file'] as const) : [];
let server: TestTarget;

async function ask(login: Login, endpoint: Endpoint = 'pooled') {
  const { at, durationMs, ...verdict } = await postgres.probe(server.target, endpoint, login);
  if ('handshake' in verdict) delete verdict.handshake;
  return verdict;
}

async function change(login: Login, next: Login, verifier?: string): Promise<void> {
  const operator = await postgres.openOperator(server.target, login, 'rekey:p:1');
  const value = verifier ?? (await postgres.makeVerifier(next.password, 4096));
  await operator.changePassword({ role: login.user, verifier: value, attempt: 'rekey:p:1', onTransaction: async () => {} });
  await operator.close();
}

const renewed = (login: Login): Login => ({ ...login, password: generatePassword() });

describe.each(methods)('a pooler with %s', (pooler) => {
  beforeAll(async () => {
    server = await startTarget({ pooler, poolerSettings: { settings: { max_client_conn: '4' } } });
  });
  afterAll(() => server.stop());

  it('accepts the right password and rejects any other, with its own message', async () => {
    const login = await server.createLogin('app "one"');
    expect(await ask(login)).toEqual({ verdict: 'accepted' });
    expect(await ask(renewed(login))).toEqual({ verdict: 'refused' });
    const nobody = { user: 'nobody_at_all', password: generatePassword() };
    expect(await ask(nobody)).toEqual(pooler === 'auth_query' ? { verdict: 'unknown', failure: 'role_missing' } : { verdict: 'refused' });
    // Asked as if it were the server it gives no verdict: it takes no settings.
    expect(await postgres.probe(withDirect(server.target, { port: server.pooler?.port ?? 0 }), 'direct', renewed(login))).toMatchObject({
      verdict: 'unknown',
      failure: 'direct_is_pooler',
    });
  });

  it('that is full gives no verdict', async () => {
    const login = await server.createLogin('crowd');
    const clients = Array.from({ length: 4 }, () => new pg.Client({ connectionString: server.urlOf(login, 'pooled') }));
    await Promise.all(clients.map((client) => client.connect()));
    expect(await ask(login)).toEqual({ verdict: 'unknown', failure: 'server_full' });
    await Promise.all(clients.map((client) => client.end()));
  });

  it('gives no verdict while it cannot reach the server', async () => {
    const login = await server.createLogin('stranded');
    await server.down('stop');
    expect(await ask(login)).toMatchObject({ verdict: 'unknown' });
    await server.start();
  });
});

describe.each(methods.filter((method) => method === 'auth_file'))('a pooler that logs in as another role (%s)', (pooler) => {
  beforeAll(async () => {
    const hba = ['host all other all trust', 'host all all all scram-sha-256'];
    server = await startTarget({ pooler, hba, poolerSettings: { databases: { masked: 'dbname=postgres user=other' } } });
  });
  afterAll(() => server.stop());

  it('gives no verdict of the login', async () => {
    const login = await server.createLogin('app');
    await server.sql('CREATE ROLE other LOGIN');
    const { at, durationMs, ...verdict } = await postgres.probe(withPooled(server.target, { database: 'masked' }), 'pooled', login);
    expect(verdict).toEqual({ verdict: 'unknown', failure: 'wrong_identity' });
  });
});

describe.each(methods.filter((method) => method === 'auth_query'))('a pooler that asks the server (%s)', (pooler) => {
  beforeAll(async () => {
    server = await startTarget({ pooler });
  });
  afterAll(() => server.stop());

  it('knows of a change at once, and its clients continue', async () => {
    const login = await server.createLogin('app');
    const client = new pg.Client({ connectionString: server.urlOf(login, 'pooled') });
    await client.connect();
    const next = renewed(login);
    await change(login, next);
    expect(await Promise.all([ask(next), ask(login)])).toEqual([{ verdict: 'accepted' }, { verdict: 'refused' }]);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
  });
});

describe.each(methods.filter((method) => method === 'auth_file'))('a pooler with a list of its own (%s)', (pooler) => {
  beforeAll(async () => {
    server = await startTarget({ pooler });
  });
  afterAll(() => server.stop());

  it('keeps accepting the old password until it reloads', async () => {
    const login = await server.createLogin('app');
    const next = renewed(login);
    expect(await ask(login)).toEqual({ verdict: 'accepted' });
    await change(login, next);
    expect([await ask(login, 'direct'), await ask(next, 'direct')]).toEqual([{ verdict: 'refused' }, { verdict: 'accepted' }]);
    expect([await ask(login), await ask(next)]).toEqual([{ verdict: 'accepted' }, { verdict: 'refused' }]);
    await server.syncAuthFile();
    expect([await ask(login), await ask(next)]).toEqual([{ verdict: 'refused' }, { verdict: 'accepted' }]);
  });

  it('gives no verdict if it accepts a password that the server behind it rejects', async () => {
    const login = await server.createLogin('early');
    const next = renewed(login);
    const verifier = await postgres.makeVerifier(next.password, 4096);
    const rows = await server.sql('SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL');
    server.pooler?.writeVerifiers({ ...Object.fromEntries(rows.map(({ rolname, rolpassword }) => [rolname, rolpassword])), early: verifier });
    await server.pooler?.reload();
    expect(await ask(next)).toEqual({ verdict: 'unknown', failure: 'pooler_failed' });
    expect(await ask(login)).toEqual({ verdict: 'refused' });
  });
});
