// Servers that ask for a password in every way there is, over every channel: what they are sent is what the policy says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { makeScramVerifier } from '#lib/crypto/scram.ts';
import { isMadeOf } from '#scripts/lab/attack/recording.ts';
import { MYSQL_METHODS, type MysqlMethod, startRogueMysql } from '#scripts/lab/attack/rogue-mysql.ts';
import { POSTGRES_METHODS, type PostgresMethod, startRoguePostgres } from '#scripts/lab/attack/rogue-postgres.ts';
import type { RogueServer } from '#scripts/lab/attack/rogue-server.ts';
import { placeAt } from '#scripts/servers/place.ts';
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

  it('that asks otherwise than the known server is not answered so', async () => {
    const known = { ...login, verifier: makeNativeHash(login.password) };
    expect(await sentTo(mysql, rogueMysql, 'caching_sha2 fast', CHANNELS[channel], known)).not.toContain('caching_sha2');
  });
});

describe('a MySQL whose key is trusted', () => {
  it.each(MYSQL_METHODS)('gets the password itself by caching_sha2 alone (%s)', async (method) => {
    const sent = await sentTo(mysql, rogueMysql, method, { mode: 'require', key: true });
    expect(sent.includes('cleartext')).toBe(method === 'caching_sha2 full');
  });
});

it('tells the RSA key under which a MySQL without TLS asks for the password, and answers once it is trusted', async () => {
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
