// Servers that ask for a password in every way there is, over every channel: what they are sent is what the policy says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { makeScramVerifier } from '#lib/crypto/scram.ts';
import { isMadeOf } from '#scripts/lab/attack/recording.ts';
import { MYSQL_METHODS, type MysqlMethod, startRogueMysql } from '#scripts/lab/attack/rogue-mysql.ts';
import { POSTGRES_METHODS, type PostgresMethod, startRoguePostgres } from '#scripts/lab/attack/rogue-postgres.ts';
import type { RogueServer } from '#scripts/lab/attack/rogue-server.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { placeAt, rotatorAt } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import type { Engine, Login, Tls } from './engine.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { NO_TLS } from './server-key.ts';

const host = '127.0.0.1';
const login: Login = { user: 'victim', password: generatePassword() };
// Nobody is served: what counts is what was sent by then.
const options = { host, offersTls: true, typedPassword: () => null, refusesOthers: false, trueServer: { host, port: 1, user: 'eve' } };
const OTHER_KEY = '0'.repeat(64);

let roguePostgres: RogueServer<PostgresMethod>;
let rogueMysql: RogueServer<MysqlMethod>;
beforeAll(() => {
  roguePostgres = startRoguePostgres({ ...options, method: 'md5' });
  rogueMysql = startRogueMysql({ ...options, method: 'native' });
});
afterAll(() => {
  roguePostgres.closeAll();
  rogueMysql.closeAll();
});

/** Which things made of the password a rogue is sent, by a login guarded so; `key` trusts the rogue's own key. */
async function sentTo<Method>(
  engine: Engine,
  rogue: RogueServer<Method>,
  method: Method,
  tls: Partial<Tls> & { key?: true },
  as: Login = login,
): Promise<string[]> {
  rogue.options.method = method;
  rogue.options.offersTls = tls.mode === 'require';
  const { key, ...guard } = tls;
  const { port, close } = await rogue.listen('engine');
  const target = { direct: placeAt(port, { host, ...guard }), pooled: null };
  const seen = rogue.dials.length;
  try {
    const pinnedKey = key ? (await engine.readKey(target, 'direct')).fingerprint : (guard.pinnedKey ?? null);
    await engine.probe({ ...target, direct: placeAt(port, { host, ...guard, pinnedKey }) }, 'direct', as);
    const sent = rogue.dials.slice(seen).flatMap((dial) => dial.sent);
    return [...new Set(sent.filter((one) => isMadeOf(one, as.password.reveal())).map((one) => one.method))];
  } finally {
    close();
  }
}

const CHANNELS = {
  'another key': { mode: 'require', pinnedKey: OTHER_KEY },
  'no trusted key': { mode: 'require' },
  'a key that came after none': { mode: 'require', pinnedKey: NO_TLS },
  'no TLS': { mode: 'disable' },
} as const satisfies Record<string, Partial<Tls>>;
type ChannelName = keyof typeof CHANNELS;

describe.each(Object.keys(CHANNELS) as ChannelName[])('a rogue PostgreSQL with %s', (channel) => {
  it.each(POSTGRES_METHODS)('that asks by %s is sent a proof by SCRAM at most', async (method) => {
    const mayProve = channel !== 'another key' && (method === 'scram i=4096' || method === 'scram-plus');
    expect(await sentTo(postgres, roguePostgres, method, CHANNELS[channel])).toEqual(mayProve ? ['scram'] : []);
  });
});

describe.each(Object.keys(CHANNELS) as ChannelName[])('a rogue MySQL with %s', (channel) => {
  it.each(MYSQL_METHODS)('that asks by %s is sent an answer to a challenge at most', async (method) => {
    const sent = await sentTo(mysql, rogueMysql, method, CHANNELS[channel]);
    if (channel === 'another key') expect(sent).toEqual([]);
    expect(sent).not.toContain('cleartext');
    expect(sent).not.toContain('other');
  });

  it('that asks in another way than the known server gets no answer', async () => {
    const known = { ...login, verifier: makeNativeHash(login.password) };
    expect(await sentTo(mysql, rogueMysql, 'caching_sha2 fast', CHANNELS[channel], known)).not.toContain('caching_sha2');
  });
});

describe('a MySQL whose key is trusted', () => {
  it.each(MYSQL_METHODS)('gets the password itself only by caching_sha2 (%s)', async (method) => {
    const sent = await sentTo(mysql, rogueMysql, method, { mode: 'require', key: true });
    expect(sent.includes('cleartext')).toBe(method === 'caching_sha2 full');
  });
});

it('reports the RSA key under which a MySQL without TLS asks for the password, and answers once it is trusted', async () => {
  rogueMysql.options.method = 'caching_sha2 full';
  rogueMysql.options.offersTls = false;
  const { port, close } = await rogueMysql.listen('rsa');
  const probe = (pinnedRsaKey: string | null) => mysql.probe({ direct: placeAt(port, { host, mode: 'disable', pinnedRsaKey }), pooled: null }, 'direct', login);
  const first = await probe(null);
  expect(first).toMatchObject({ failure: 'server_key_unknown', otherKey: { kind: 'rsa', trusted: null, offered: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  expect(await probe(OTHER_KEY)).toMatchObject({ failure: 'server_key_changed', otherKey: { kind: 'rsa', trusted: OTHER_KEY } });
  const seen = rogueMysql.dials.length;
  await probe('otherKey' in first ? (first.otherKey?.offered ?? null) : null);
  close();
  expect(rogueMysql.dials.slice(seen).flatMap(({ sent }) => sent)).toContainEqual({ method: 'cleartext', text: login.password.reveal() });
});

it('sends an impostor with a self-made certificate no proof under a salt or iterations of its own choice', async () => {
  const known = { ...login, verifier: await makeScramVerifier(login.password, 4096) };
  for (const method of ['scram-plus', 'scram i=4096', 'scram i=1'] as const)
    expect(await sentTo(postgres, roguePostgres, method, CHANNELS['another key'], known)).toEqual([]);
});

it.each(['disable', 'prefer'] as const)('a MySQL that rejects a login (%s) is answered once, unless its key is trusted', async (mode) => {
  Object.assign(rogueMysql.options, { method: 'native', offersTls: true, typedPassword: () => 'another', refusesOthers: true });
  const { port, close } = await rogueMysql.listen('rejecting');
  const answers = async (pinnedKey: string | null) => {
    const seen = rogueMysql.dials.length;
    expect(await mysql.probe({ direct: placeAt(port, { host, mode, pinnedKey }), pooled: null }, 'direct', login)).toMatchObject({
      verdict: pinnedKey === OTHER_KEY && mode === 'prefer' ? 'unknown' : 'refused',
    });
    return rogueMysql.dials.slice(seen).flatMap(({ sent }) => sent).length;
  };
  try {
    const isOff = mode === 'disable';
    expect(await answers(null)).toBe(1);
    expect(await answers(NO_TLS)).toBe(1);
    expect(await answers(OTHER_KEY)).toBe(isOff ? 1 : 0);
    const { fingerprint } = await mysql.readKey({ direct: placeAt(port, { host, mode: 'require' }), pooled: null }, 'direct');
    expect(await answers(fingerprint)).toBe(isOff ? 2 : 1);
  } finally {
    close();
    Object.assign(rogueMysql.options, { typedPassword: options.typedPassword, refusesOthers: false });
  }
});

describe('a rogue that serves everybody from the true server', () => {
  let trueServers: [TestTarget, MariadbTarget];
  beforeAll(async () => {
    trueServers = await Promise.all([startTarget({ hba: ['host all eve all trust', 'host all all all scram-sha-256'] }), startMariadbTarget()]);
    const [trueServer, mariadb] = trueServers;
    // What the attacker may do there decides nothing: the statements are recorded.
    await trueServer.sql('CREATE ROLE eve SUPERUSER LOGIN');
    await mariadb.createLogin('eve', { password: 'unused' });
    await mariadb.sql("SET PASSWORD FOR 'eve'@'%' = ''");
    Object.assign(roguePostgres.options, { trueServer: { host, port: trueServer.target.direct.port, user: 'eve' } });
    Object.assign(rogueMysql.options, { trueServer: { host, port: mariadb.target.direct.port, user: 'eve' } });
  });
  afterAll(() => Promise.all(trueServers.map((server) => server.stop())));

  /** What is made of an inspection and of a change there, and the statements that were heard. */
  async function change(
    engine: Engine,
    rogue: RogueServer<PostgresMethod> | RogueServer<MysqlMethod>,
    guard: Partial<Tls>,
    verifiers: { current: string; next: string },
  ) {
    const { port, close } = await rogue.listen('engine');
    const direct = placeAt(port, { host, database: engine.name === 'mysql' ? 'shop' : 'postgres', ...guard });
    const pinnedKey = guard.mode === 'require' ? (await engine.readKey({ direct, pooled: null }, 'direct')).fingerprint : null;
    const target = { direct: { ...direct, tls: { ...direct.tls, pinnedKey } }, pooled: null };
    const seen = rogue.dials.length;
    const statements = () => rogue.dials.slice(seen).flatMap(({ sent }) => sent.flatMap((one) => (one.method === 'statement' ? [one] : [])));
    try {
      const inspection = await engine.inspect(target, login, rotatorAt({ ...login, user: 'rotator' }, target));
      const inspected = statements();
      const operator = await engine.openOperator(target, login, 'rekey:rot_1:1');
      const request = { role: login.user, verifier: verifiers.next, known: [verifiers.current], attempt: 'rekey:rot_1:1', onTransaction: async () => {} };
      const failure = await operator.changePassword(request).then(
        () => null,
        (error: { code: string }) => error.code,
      );
      await operator.close();
      return { inspection, inspected, failure, changed: statements().slice(inspected.length) };
    } finally {
      close();
    }
  }
  const SCRAM = /SCRAM-SHA-256\$/;
  const scramVerifiers = async () => ({ current: await makeScramVerifier(login.password, 4096), next: await makeScramVerifier(next, 4096) });
  const next = generatePassword();

  it('without asking for the password hears no verifier, at a check or at a change', async () => {
    Object.assign(roguePostgres.options, { method: 'trust', offersTls: false });
    const { inspection, inspected, failure, changed } = await change(postgres, roguePostgres, { mode: 'disable' }, await scramVerifiers());
    expect([...inspected, ...changed].filter(({ text }) => SCRAM.test(text))).toEqual([]);
    expect(inspected.length).toBeGreaterThan(0);
    expect(inspection).toMatchObject({ selfMayChange: false, rotatorMayChange: false, changeFailure: 'server_unproven' });
    expect(failure).toBe('server_unproven');
  });

  it('hears at a check the verifier of a random password at most, though it is the trusted server', async () => {
    Object.assign(roguePostgres.options, { method: 'trust', offersTls: true });
    const { inspected, failure, changed } = await change(postgres, roguePostgres, { mode: 'require' }, await scramVerifiers());
    expect(inspected.some(({ text }) => SCRAM.test(text))).toBe(true);
    expect(inspected.filter((one) => isMadeOf(one, login.password.reveal()))).toEqual([]);
    // The trusted key has proven the server, whatever it asks.
    expect(failure).toBe('role_missing');
    expect(changed.some((one) => isMadeOf(one, next.reveal()))).toBe(true);
  });

  it('without a challenge hears no verifier as MySQL, at a check or at a change', async () => {
    Object.assign(rogueMysql.options, { method: 'unasked, as MariaDB', offersTls: false });
    const verifiers = { current: makeNativeHash(login.password), next: makeNativeHash(next) };
    const { inspection, inspected, failure, changed } = await change(mysql, rogueMysql, { mode: 'disable' }, verifiers);
    expect(inspected.length).toBeGreaterThan(0);
    expect([...inspected, ...changed].filter((one) => isMadeOf(one, login.password.reveal()) || isMadeOf(one, next.reveal()))).toEqual([]);
    expect(inspection).toMatchObject({ selfMayChange: false, rotatorMayChange: false, changeFailure: 'server_unproven' });
    expect(failure).toBe('server_unproven');
  });

  it('asks for an answer to its challenge as MySQL, and hears no verifier at a check', async () => {
    Object.assign(rogueMysql.options, { method: 'native, as MariaDB', offersTls: false });
    const verifiers = { current: makeNativeHash(login.password), next: makeNativeHash(next) };
    const { inspected } = await change(mysql, rogueMysql, { mode: 'disable' }, verifiers);
    expect(inspected.length).toBeGreaterThan(0);
    expect(inspected.filter((one) => isMadeOf(one, login.password.reveal()))).toEqual([]);
  });

  it('and asks by MD5, which a person has allowed, hears no verifier: it accepts a wrong password too', async () => {
    Object.assign(roguePostgres.options, { method: 'md5', offersTls: false });
    const { failure, changed } = await change(postgres, roguePostgres, { mode: 'disable', allowsMd5: true }, await scramVerifiers());
    expect(changed.filter(({ text }) => SCRAM.test(text))).toEqual([]);
    expect(failure).toBe('server_unproven');
  });

  describe('and claims hashes of its own making for the login, as MySQL without TLS', () => {
    const made = { native: `*${'0'.repeat(40)}`, sha2: `$A$005$${'s'.repeat(20)}${'d'.repeat(43)}` };
    const lies = (hash: string) => (statement: string) =>
      statement
        .replace(/SHOW CREATE USER/, `SELECT "CREATE USER \`victim\`@\`%\` IDENTIFIED VIA mysql_native_password USING '${hash}'" AS told`)
        .replace(/SHOW GLOBAL VARIABLES LIKE 'max_password_errors'/, "SELECT 'max_password_errors' AS Variable_name, '1' AS Value");
    const accounts = (hash: string) => (statement: string) =>
      lies(hash)(statement).replace(
        /SELECT Host AS host, Priv .* FROM mysql.global_priv .* ORDER BY Host/,
        `SELECT '%' AS host, '{"plugin":"mysql_native_password","authentication_string":"${hash}"}' AS priv`,
      );

    for (const [kind, hash] of Object.entries(made))
      for (const [by, rewrite] of Object.entries({ 'the login itself': lies, 'a rotator': accounts }))
        it(`hears no verifier of the next password (${kind}, changed by ${by})`, async () => {
          Object.assign(rogueMysql.options, { method: 'native, as MariaDB', offersTls: false, rewrite: rewrite(hash) });
          try {
            const verifiers = { current: makeNativeHash(login.password), next: makeNativeHash(next) };
            const { inspection, inspected, failure, changed } = await change(mysql, rogueMysql, { mode: 'disable' }, verifiers);
            expect(inspected.some(({ text }) => text.startsWith('SHOW CREATE USER'))).toBe(true);
            expect(changed.filter((one) => isMadeOf(one, next.reveal()))).toEqual([]);
            // A hash that is kept as known would be taken for proof at a later change.
            expect(inspection).toMatchObject({ verifier: null, selfMayChange: false });
            expect(failure).not.toBeNull();
          } finally {
            delete rogueMysql.options.rewrite;
          }
        });
  });
});
