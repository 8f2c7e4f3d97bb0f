// Each test is a way in which a login says something else than it seems to.
import { createHmac } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import type { Login, Place } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { NOWHERE, rotatorAt, withDirect, withPooled, withTls } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget, targetVersions } from '#scripts/servers/test-target.ts';
import { startFakeServer } from '#scripts/testing/fake-server.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));
const METHODS = { trusted: 'trust', plain: 'password', hashed: 'md5', kept_out: 'reject' };

describe.each(targetVersions)('a login to PostgreSQL %s', (version) => {
  let server: TestTarget;
  const proxies: TcpProxy[] = [];
  beforeAll(async () => {
    const rules = Object.entries({ ...METHODS, all: 'scram-sha-256' }).map(([user, method]) => `host all ${user} all ${method}`);
    const settings = { max_connections: '10', superuser_reserved_connections: '1', ...(hasIpv6 ? { listen_addresses: '127.0.0.1,::1' } : {}) };
    server = await startTarget({ version, hba: rules, settings });
  });
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await server.stop();
  });

  const probe = async (login: Login, over: Partial<Place> = {}) => {
    const { at, durationMs, ...verdict } = await postgres.probe(withDirect(server.target, over), 'direct', login);
    if ('handshake' in verdict) delete verdict.handshake;
    return verdict;
  };
  const wrong = (login: Login): Login => ({ ...login, password: generatePassword() });
  const openProxy = async () => {
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.target.direct.port });
    proxies.push(proxy);
    return proxy;
  };

  it('that the role may not make still proves the password', async () => {
    const login = await server.createLogin('sleeping');
    await server.sql('ALTER ROLE sleeping NOLOGIN');
    expect(await probe(login)).toEqual({ verdict: 'accepted', after: 'login_not_allowed' });
    expect(await probe(wrong(login))).toEqual({ verdict: 'refused' });
  });

  it('past the limit of the role still proves the password', async () => {
    const login = await server.createLogin('limited', { options: 'CONNECTION LIMIT 0' });
    expect(await probe(login)).toEqual({ verdict: 'accepted', after: 'server_full' });
    expect(await probe(wrong(login))).toEqual({ verdict: 'refused' });
  });

  it('to a full server proves nothing', async () => {
    const login = await server.createLogin('patient');
    const clients: pg.Client[] = [];
    for (let full = false; !full; ) {
      const client = new pg.Client({ connectionString: server.superuserUrl });
      client.on('error', () => {});
      full = await client.connect().then(
        () => false,
        () => true,
      );
      if (!full) clients.push(client);
    }
    expect(await probe(login)).toEqual({ verdict: 'unknown', failure: 'server_full' });
    expect(await probe(wrong(login))).toEqual({ verdict: 'unknown', failure: 'server_full' });
    await Promise.all(clients.map((client) => client.end()));
  });

  it("past the role's expiry is rejected, also after a change", async () => {
    const login = await server.createLogin('expired', { options: "VALID UNTIL '2001-01-01'" });
    expect(await probe(login)).toEqual({ verdict: 'refused' });
    const next = { ...login, password: generatePassword() };
    const operator = await postgres.openOperator(server.target, server.superuser, 'rekey:expired:1');
    const verifier = await postgres.makeVerifier(next.password, 4096);
    await operator.changePassword({ role: 'expired', verifier, attempt: 'rekey:expired:1', onTransaction: async () => {} });
    await operator.close();
    expect(await probe(next)).toEqual({ verdict: 'refused' });
  });

  it("before the role's expiry is accepted, and inspection reports the date", async () => {
    const login = await server.createLogin('expiring', { options: "VALID UNTIL '2101-01-01T00:00:00Z'" });
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
    const { validUntil, verifier } = await postgres.inspect(server.target, login, rotatorAt(server.superuser, server.target));
    expect(validUntil).toEqual(new Date('2101-01-01T00:00:00Z'));
    expect(verifier).toBe((await server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'expiring'"))[0]?.rolpassword);
  });

  it('under `trust` is accepted with any password: the reason why a wrong one is always tried too', async () => {
    const login = await server.createLogin('trusted');
    expect(await probe(wrong(login))).toEqual({ verdict: 'accepted' });
  });

  it('that would send the password in clear text is not made', async () => {
    const login = await server.createLogin('plain');
    const proxy = await openProxy();
    expect(await probe(login, { port: proxy.port })).toEqual({ verdict: 'unknown', failure: 'cleartext_refused' });
    await expect(postgres.openSession(withDirect(server.target, { port: proxy.port }), login)).rejects.toMatchObject({
      code: 'cleartext_refused',
      transient: false,
    });
    expect(proxy.sent().includes('plain')).toBe(true);
    expect(proxy.sent().includes(login.password.reveal())).toBe(false);
  });

  it('by MD5 is made if a person allowed it', async () => {
    const login = await server.createLogin('hashed');
    await server.sql(`SET password_encryption = 'md5'; ALTER ROLE hashed PASSWORD '${login.password.reveal()}'`);
    const allowed = withTls(server.target, { allowsMd5: true });
    expect(await probe(login)).toEqual({ verdict: 'unknown', failure: 'md5_refused' });
    expect(await probe(login, allowed.direct)).toEqual({ verdict: 'accepted' });
    expect(await probe(wrong(login), allowed.direct)).toEqual({ verdict: 'refused' });
    // The very hash that the server holds: an undo puts it back.
    const held = (await server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'hashed'"))[0]?.rolpassword;
    expect((await postgres.inspect(allowed, login, rotatorAt(server.superuser, server.target))).verifier).toBe(held);
  });

  it('kept out by a rule proves nothing', async () => {
    const login = await server.createLogin('kept_out');
    expect(await probe(login)).toEqual({ verdict: 'unknown', failure: 'login_not_allowed' });
  });

  it('that acts as another role by default still works', async () => {
    const login = await server.createLogin('mask');
    await server.sql('CREATE ROLE face; GRANT face TO mask; ALTER ROLE mask SET role = face');
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
    expect(await postgres.inspect(server.target, login, null)).toMatchObject({ selfMayChange: true });
  });

  it('over a connection that is cut proves nothing before the password was checked', async () => {
    const login = await server.createLogin('cut_off');
    const proxy = await openProxy();
    const sprung = proxy.failOn('cut_off\0', 'lose_answer');
    expect(await probe(login, { port: proxy.port })).toEqual({ verdict: 'unknown', failure: 'connection_cut' });
    await sprung;
    await proxy.refuse();
    expect(await probe(login, { port: proxy.port })).toEqual({ verdict: 'unknown', failure: 'server_unreachable' });
  });

  it('to a server that falls silent times out', async () => {
    const login = await server.createLogin('silent');
    const [mute, late] = await Promise.all([openProxy(), openProxy()]);
    mute.swallow(true);
    void late.failOn('silent\0', 'half_open');
    const results = await Promise.all([mute, late].map((proxy) => postgres.probe(withDirect(server.target, { port: proxy.port }), 'direct', login)));
    for (const result of results) {
      expect(result).toMatchObject({ verdict: 'unknown', failure: 'timed_out' });
      expect(result.durationMs).toBeLessThan(8_000);
    }
  });

  it('while the server is down proves nothing, and after a crash it is as before', async () => {
    const login = await server.createLogin('survivor');
    await server.down('crash');
    expect(await probe(login)).toEqual({ verdict: 'unknown', failure: 'server_unreachable' });
    await server.start();
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
  });

  if (hasIpv6) {
    it.each(['::1', '[::1]'])('goes to %s', async (host) => {
      const login = await server.createLogin(`six_${host.length}`);
      expect(await probe(login, { host })).toEqual({ verdict: 'accepted' });
    });
  }
});

describe('a login to something that is no server', () => {
  const login = { user: 'app', password: generatePassword() };
  const target = NOWHERE;
  const NO_TLS = Buffer.from('N');
  const message = (type: string, ...parts: (string | Buffer)[]) => {
    const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  const authentication = (code: number, text = '') => message('R', Buffer.from([0, 0, 0, code]), text);
  const settings = (user: string) => message('S', `session_authorization\0${user}\0`);
  const failure = message('E', 'SFATAL\0C57P01\0Mterminating connection\0\0');
  const refusal = message('E', 'SFATAL\0C28P01\0Mpassword authentication failed\0\0');

  const verifierOf = (password: Secret) => postgres.makeVerifier(password, 4096);

  /** The server's side of SCRAM (RFC 5802), right up to its proof and the message after it. */
  async function scram(verifier?: string, after = refusal) {
    const [, cost, keys] = (verifier ?? (await verifierOf(login.password))).split('$');
    const [iterations, salt] = (cost ?? '').split(':');
    const serverKey = Buffer.from(keys?.split(':')[1] ?? '', 'base64');
    let exchange = '';
    const first = (bytes: Buffer) => {
      const clientFirst = bytes.toString().split('n,,')[1] ?? '';
      const serverFirst = `${clientFirst.slice(clientFirst.indexOf('r='))}server,s=${salt},i=${iterations}`;
      exchange = `${clientFirst},${serverFirst}`;
      return authentication(11, serverFirst);
    };
    const final = (bytes: Buffer) => {
      const withoutProof = /c=.*(?=,p=)/.exec(bytes.toString())?.[0];
      const signature = createHmac('sha256', serverKey).update(`${exchange},${withoutProof}`).digest('base64');
      return Buffer.concat([authentication(12, `v=${signature}`), after]);
    };
    return [first, final] as const;
  }

  it.each([
    ['asks for Kerberos', [NO_TLS, authentication(7)], 'auth_method_unsupported'],
    ['asks for another mechanism', [NO_TLS, authentication(10, 'OAUTHBEARER\0\0')], 'auth_method_unsupported'],
    ['takes us for somebody else', [NO_TLS, Buffer.concat([authentication(0), settings('somebody'), message('Z', 'I')])], 'wrong_identity'],
    ['smuggles bytes in before TLS', [Buffer.from('Sxyz')], 'unexpected'],
    ['speaks of something else', [Buffer.from('HTTP/1.1 400 Bad Request\r\n')], 'unexpected'],
  ] as const)('ends without a verdict where it %s', async (_name, answers, failure) => {
    const server = await startFakeServer(answers);
    expect(await postgres.probe(withDirect(target, { port: server.port }), 'direct', login)).toMatchObject({ verdict: 'unknown', failure });
    await server.stop();
  });

  it('is accepted where the connection ends after the password was found right', async () => {
    const server = await startFakeServer([NO_TLS, Buffer.concat([authentication(0), failure])]);
    expect(await postgres.probe(withDirect(target, { port: server.port }), 'direct', login)).toMatchObject({ verdict: 'accepted', after: 'connection_cut' });
    await server.stop();
  });

  it('gives no verdict for a pooler that is not there', async () => {
    expect(await postgres.probe(target, 'pooled', login)).toMatchObject({ verdict: 'unknown', failure: 'unexpected' });
  });

  it("is rejected by a pooler only before it accepted the password, even if it passes on the server's own code", async () => {
    const scramOffer = authentication(10, 'SCRAM-SHA-256\0\0');
    const [first, final] = await scram();
    const servers = await Promise.all([startFakeServer([NO_TLS, scramOffer, refusal]), startFakeServer([NO_TLS, scramOffer, first, final])]);
    const verdicts = await Promise.all(servers.map((server) => postgres.probe(withPooled(target, { port: server.port }), 'pooled', login)));
    expect(verdicts).toMatchObject([{ verdict: 'refused' }, { verdict: 'unknown', failure: 'pooler_failed' }]);
    await Promise.all(servers.map((server) => server.stop()));
  });

  describe('whose handshake', () => {
    const scramOffer = authentication(10, 'SCRAM-SHA-256\0\0');
    const welcome = Buffer.concat([authentication(0), settings(login.user), message('Z', 'I')]);
    const probe = async (answers: Parameters<typeof startFakeServer>[0], as: Login = login) => {
      const server = await startFakeServer(answers);
      const found = await postgres.probe(withDirect(target, { port: server.port }), 'direct', as);
      await server.stop();
      return found;
    };

    it('is signed shows the verifier that the server holds, and no other', async () => {
      const [held, other] = await Promise.all([verifierOf(login.password), verifierOf(login.password)]);
      const [first, final] = await scram(held, welcome);
      const found = await probe([NO_TLS, scramOffer, first, final]);
      const handshake = found.verdict === 'accepted' ? found.handshake : undefined;
      if (!handshake) throw new Error('no handshake');
      expect([held, other].map((verifier) => postgres.shows?.(handshake, verifier))).toEqual([true, false]);
      expect(postgres.shows?.({ ...handshake, iterations: 4095 }, held)).toBe(false);
    });

    it('is signed for another password proves nothing, and is not accepted', async () => {
      const [first, final] = await scram(await verifierOf(generatePassword()), welcome);
      expect(await probe([NO_TLS, scramOffer, first, final])).toMatchObject({ verdict: 'unknown', failure: 'unexpected' });
    });

    it('is not signed proves nothing, and is not accepted', async () => {
      const [first] = await scram();
      expect(await probe([NO_TLS, scramOffer, first, welcome])).toMatchObject({ verdict: 'unknown', failure: 'unexpected' });
    });

    it('asks for nothing proves nothing', async () => {
      expect(await probe([NO_TLS, welcome])).not.toHaveProperty('handshake');
    });

    it("shows another password's verifier ends before anything is made of this one", async () => {
      const held = await verifierOf(generatePassword());
      const [first] = await scram(held);
      const heard: string[] = [];
      const listening = (bytes: Buffer) => {
        heard.push(bytes.toString());
        return first(bytes);
      };
      const after = (bytes: Buffer) => {
        heard.push(bytes.toString());
        return welcome;
      };
      expect(await probe([NO_TLS, scramOffer, listening, after], { ...login, others: [held] })).toMatchObject({ verdict: 'refused', by: 'handshake' });
      expect(heard.map((text) => text.includes('p='))).toEqual([false]);
    });
  });
});
