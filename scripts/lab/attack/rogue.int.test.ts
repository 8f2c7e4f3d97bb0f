// The rogue servers see what a careless client sends: without this, that nothing was found would mean nothing.
import mysql from 'mysql2';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { isMadeOf } from './recording.ts';
import { MYSQL_METHODS, type MysqlMethod, startRogueMysql } from './rogue-mysql.ts';
import { POSTGRES_METHODS, type PostgresMethod, startRoguePostgres } from './rogue-postgres.ts';
import type { RogueServer } from './rogue-server.ts';

const PASSWORD = 'a password 7Zx81Q-kbW0';
const host = '127.0.0.1';
let postgres: TestTarget;
let mariadb: MariadbTarget;
let roguePostgres: RogueServer<PostgresMethod>;
let rogueMysql: RogueServer<MysqlMethod>;

beforeAll(async () => {
  [postgres, mariadb] = await Promise.all([startTarget({ hba: ['host all eve all trust', 'host all all all scram-sha-256'] }), startMariadbTarget()]);
  await postgres.sql('CREATE ROLE eve LOGIN');
  await mariadb.createLogin('eve', { password: 'unused' });
  await mariadb.sql("SET PASSWORD FOR 'eve'@'%' = ''");
  const rest = { host, offersTls: true, refusesOthers: true, typedPassword: (user: string) => (user === 'mallory' ? PASSWORD : null) };
  roguePostgres = startRoguePostgres({ ...rest, method: 'md5', trueServer: { host, port: postgres.target.direct.port, user: 'eve' } });
  rogueMysql = startRogueMysql({ ...rest, method: 'native', trueServer: { host, port: mariadb.target.direct.port, user: 'eve' } });
});
afterAll(async () => {
  roguePostgres.closeAll();
  rogueMysql.closeAll();
  await Promise.all([postgres.stop(), mariadb.stop()]);
});

const askPostgres = async (port: number, user: string, ssl: boolean): Promise<string> => {
  const client = new pg.Client({
    host,
    port,
    user,
    password: PASSWORD,
    database: 'postgres',
    ssl: ssl && { rejectUnauthorized: false },
    enableChannelBinding: true,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query('SELECT session_user AS name');
    await client.end();
    return rows[0].name;
  } catch (error) {
    return (error as Error).message;
  }
};

const askMysql = (port: number, user: string, ssl: boolean): Promise<string> =>
  new Promise((done) => {
    const client = mysql.createConnection({
      host,
      port,
      user,
      password: PASSWORD,
      database: 'shop',
      ...(ssl && { ssl: { rejectUnauthorized: false } }),
      authPlugins: { mysql_clear_password: () => () => Buffer.from(`${PASSWORD}\0`), dialog: () => () => Buffer.from(`${PASSWORD}\0`) },
    });
    client.on('error', () => {});
    client.query('SELECT CURRENT_USER() AS name', (error, rows) => {
      client.destroy();
      done(error ? error.message : ((rows as { name: string }[])[0]?.name ?? ''));
    });
  });

describe.each([true, false])('with TLS: %s', (ssl) => {
  it.each(POSTGRES_METHODS)('PostgreSQL records a password given by %s', async (method) => {
    roguePostgres.options.method = method;
    const { port, close } = await roguePostgres.listen('a test');
    roguePostgres.dials.length = 0;
    // Served by the true server, under its own login.
    expect(await askPostgres(port, 'mallory', ssl)).toBe('eve');
    expect(roguePostgres.dials).toMatchObject([{ label: 'a test', isSecure: ssl, user: 'mallory' }]);
    const [first, ...later] = roguePostgres.dials[0]?.sent ?? [];
    if (method === 'trust') expect(first).toMatchObject({ method: 'statement' });
    else expect(first && [isMadeOf(first, PASSWORD), isMadeOf(first, 'another password')]).toEqual([true, false]);
    expect((method === 'trust' ? [first] : later).map((sent) => sent?.method)).toEqual(['statement']);
    expect(await askPostgres(port, 'victim', ssl)).toBe(method.startsWith('scram') ? 'password authentication failed' : 'eve');
    close();
  });

  it.each(MYSQL_METHODS)('MySQL records a password given by %s', async (method) => {
    rogueMysql.options.method = method;
    const { port, close } = await rogueMysql.listen('a test');
    rogueMysql.dials.length = 0;
    expect(await askMysql(port, 'mallory', ssl)).toBe('mallory@%');
    expect(rogueMysql.dials).toMatchObject([{ label: 'a test', isSecure: ssl, user: 'mallory' }]);
    const shown = rogueMysql.dials[0]?.sent.filter((sent) => sent.method !== 'statement') ?? [];
    expect(shown.length).toBeGreaterThan(0);
    for (const sent of shown) expect([isMadeOf(sent, PASSWORD), isMadeOf(sent, 'another password')]).toEqual([true, false]);
    if (/full|clear|dialog|sha256/.test(method)) expect(shown.at(-1)).toEqual({ method: 'cleartext', text: PASSWORD });
    close();
  });
});

it('finds a password and what servers store for it in a statement', async () => {
  const { makeScramVerifier } = await import('#lib/crypto/scram.ts');
  const { makeNativeHash } = await import('#lib/crypto/mysql-hash.ts');
  const { Secret } = await import('#lib/crypto/secret.ts');
  const secret = new Secret(PASSWORD);
  for (const text of [PASSWORD, await makeScramVerifier(secret, 4096), makeNativeHash(secret)]) {
    const sent = { method: 'statement', text: `ALTER ROLE app PASSWORD '${text}'` } as const;
    expect([isMadeOf(sent, PASSWORD), isMadeOf(sent, 'another password')]).toEqual([true, false]);
  }
});
