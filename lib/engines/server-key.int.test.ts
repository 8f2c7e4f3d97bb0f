import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScramVerifier } from '#lib/crypto/scram.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Endpoint, Engine, Login, Probe, Target, Tls } from '#lib/engines/engine.ts';
import { mysql } from '#lib/engines/mysql.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { NO_TLS } from '#lib/engines/server-key.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';

const certificate = makeCertificate('localhost');

/** The same target, guarded in another way. */
const guarded = ({ direct, pooled }: Target, tls: Partial<Tls>): Target => ({
  direct: { ...direct, tls: { ...direct.tls, ...tls } },
  pooled: pooled && { ...pooled, tls: { ...pooled.tls, ...tls } },
});

const OTHER_KEY = '0'.repeat(64);

async function keyOf(engine: Engine, target: Target, endpoint: Endpoint = 'direct'): Promise<string> {
  const { fingerprint } = await engine.readKey(guarded(target, { mode: 'require' }), endpoint);
  if (fingerprint === null) throw new Error('no TLS');
  return fingerprint;
}

const outcome = (probe: Probe): string => ('failure' in probe ? probe.failure : probe.verdict);

describe('a PostgreSQL server whose certificate nobody has signed', () => {
  let server: TestTarget;
  let plain: TestTarget;
  let key: string;
  beforeAll(async () => {
    const hba = ['host all by_md5 127.0.0.1/32 md5', 'host all by_text 127.0.0.1/32 password', 'host all all 127.0.0.1/32 scram-sha-256'];
    const settings = { log_connections: 'on', password_encryption: 'md5' };
    [server, plain] = await Promise.all([startTarget({ certificate, hba, settings }), startTarget({ hba, settings })]);
    key = await keyOf(postgres, server.target);
  });
  afterAll(() => Promise.all([server.stop(), plain.stop()]));

  const ask = async (at: TestTarget, login: Login, tls: Partial<Tls>) => outcome(await postgres.probe(guarded(at.target, tls), 'direct', login));
  async function md5Login(at: TestTarget, user: string): Promise<Login> {
    const login = { user, password: new Secret('a password of MD5') };
    await at.sql(`CREATE ROLE ${user} LOGIN PASSWORD '${login.password.reveal()}'`);
    return login;
  }

  it('shows the same key to every connection, and none without TLS', async () => {
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await keyOf(postgres, server.target)).toBe(key);
    expect(await postgres.readKey(guarded(plain.target, { mode: 'prefer' }), 'direct')).toEqual({ fingerprint: null, isVerified: false });
    expect(await postgres.readKey(guarded(server.target, { mode: 'verify-ca', caPem: certificate.certPem }), 'direct')).toMatchObject({ isVerified: true });
  });

  it('logs in by SCRAM with the trusted key, and with none trusted yet', async () => {
    const login = await server.createLogin('app');
    expect(await ask(server, login, { mode: 'require', pinnedKey: key })).toBe('accepted');
    expect(await ask(server, login, { mode: 'prefer', pinnedKey: key })).toBe('accepted');
    expect(await ask(server, login, { mode: 'require' })).toBe('accepted');
  });

  it('refuses another key before anything is sent, and names both', async () => {
    const login = await server.createLogin('changed');
    const target = guarded(server.target, { mode: 'require', pinnedKey: OTHER_KEY });
    expect(await postgres.probe(target, 'direct', login)).toMatchObject({
      verdict: 'unknown',
      failure: 'server_key_changed',
      otherKey: { kind: 'tls', endpoint: 'direct', trusted: OTHER_KEY, offered: key },
    });
    // Not even the name of the role has reached the server.
    expect(server.log()).not.toContain('changed');
  });

  it('accepts another key if SCRAM channel binding proves it, under the known salt', async () => {
    const login = await server.createLogin('bound');
    const [{ verifier }] = (await server.sql("SELECT rolpassword AS verifier FROM pg_authid WHERE rolname = 'bound'")) as [{ verifier: string }];
    const target = guarded(server.target, { mode: 'require', pinnedKey: OTHER_KEY });
    expect(outcome(await postgres.probe(target, 'direct', { ...login, verifier }))).toBe('accepted');
    expect((await postgres.inspect(target, { ...login, verifier }, null)).protection).toEqual({ channel: 'bound', key, method: 'scram_bound' });
    expect(outcome(await postgres.probe(target, 'direct', { ...login, verifier, password: new Secret('wrong') }))).toBe('server_key_changed');
  });

  it('refuses another key where the salt or the iterations are not the known ones', async () => {
    const login = await server.createLogin('salted');
    const target = guarded(server.target, { mode: 'require', pinnedKey: OTHER_KEY });
    const [{ held }] = (await server.sql("SELECT rolpassword AS held FROM pg_authid WHERE rolname = 'salted'")) as [{ held: string }];
    const foreign = await makeScramVerifier(login.password, 4096);
    const before = server.log().length;
    for (const verifier of [foreign, held.replace('$4096:', '$8192:'), `md5${'0'.repeat(32)}`])
      expect(outcome(await postgres.probe(target, 'direct', { ...login, verifier }))).toBe('server_key_changed');
    expect(server.log().slice(before)).not.toMatch(/password authentication failed|connection authenticated/);
  });

  it('never falls back to plain text once a key is trusted', async () => {
    const login = await plain.createLogin('downgraded');
    expect(await ask(plain, login, { mode: 'prefer', pinnedKey: key })).toBe('tls_downgraded');
    expect(await ask(plain, login, { mode: 'prefer', pinnedKey: NO_TLS })).toBe('accepted');
    expect(await ask(plain, login, { mode: 'prefer' })).toBe('accepted');
    expect(plain.log()).not.toMatch(/downgraded.*\n.*password authentication failed/);
  });

  it('answers MD5 if the key is trusted or verified, and otherwise only if a person allowed it', async () => {
    const [secure, open] = await Promise.all([md5Login(server, 'by_md5'), md5Login(plain, 'by_md5')]);
    expect(await ask(server, secure, { mode: 'require', pinnedKey: key })).toBe('accepted');
    expect(await ask(server, secure, { mode: 'verify-ca', caPem: certificate.certPem })).toBe('accepted');
    expect(await ask(server, secure, { mode: 'require' })).toBe('md5_refused');
    expect(await ask(server, secure, { mode: 'require', allowsMd5: true })).toBe('accepted');
    for (const mode of ['disable', 'prefer'] as const) {
      expect(await ask(plain, open, { mode })).toBe('md5_refused');
      expect(await ask(plain, open, { mode, allowsMd5: true })).toBe('accepted');
    }
    expect(await ask(server, secure, { mode: 'require', pinnedKey: OTHER_KEY, allowsMd5: true })).toBe('server_key_changed');
  });

  it('never answers a request for the password itself', async () => {
    const login = await md5Login(server, 'by_text');
    expect(await ask(server, login, { mode: 'verify-ca', caPem: certificate.certPem, allowsMd5: true })).toBe('cleartext_refused');
  });

  it('answers SCRAM with few iterations only to a server that is proven', async () => {
    const weak = (at: TestTarget) =>
      at.createLogin('weak').then(async (login) => {
        await at.sql(`ALTER ROLE weak PASSWORD '${await makeScramVerifier(login.password, 1000)}'`);
        return login;
      });
    const [secure, open] = await Promise.all([weak(server), weak(plain)]);
    expect(await ask(plain, open, { mode: 'disable' })).toBe('scram_iterations_too_low');
    expect(await ask(server, secure, { mode: 'require' })).toBe('scram_iterations_too_low');
    expect(await ask(server, secure, { mode: 'require', pinnedKey: key })).toBe('accepted');
  });
});

describe('a MariaDB server whose certificate nobody has signed', () => {
  let server: MariadbTarget;
  let plain: MariadbTarget;
  let key: string;
  beforeAll(async () => {
    [server, plain] = await Promise.all([startMariadbTarget({ certificate }), startMariadbTarget()]);
    key = await keyOf(mysql, server.target);
  });
  afterAll(() => Promise.all([server.stop(), plain.stop()]));

  const ask = async (at: MariadbTarget, login: Login, tls: Partial<Tls>) => outcome(await mysql.probe(guarded(at.target, tls), 'direct', login));

  it('shows the same key to every connection, and none without TLS', async () => {
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await keyOf(mysql, server.target)).toBe(key);
    expect(await mysql.readKey(guarded(plain.target, { mode: 'prefer' }), 'direct')).toEqual({ fingerprint: null, isVerified: false });
    expect(await mysql.readKey(guarded(server.target, { mode: 'verify-ca', caPem: certificate.certPem }), 'direct')).toMatchObject({ isVerified: true });
  });

  it('logs in with the trusted key, and with none trusted yet', async () => {
    const login = await server.createLogin('app');
    expect(await ask(server, login, { mode: 'require', pinnedKey: key })).toBe('accepted');
    expect(await ask(server, login, { mode: 'require' })).toBe('accepted');
    expect((await mysql.inspect(guarded(server.target, { mode: 'require', pinnedKey: key }), login, null)).protection).toEqual({
      channel: 'pinned',
      key,
      method: 'native',
    });
  });

  it('refuses another key before anything is sent, and names both', async () => {
    const login = await server.createLogin('changed');
    const target = guarded(server.target, { mode: 'require', pinnedKey: OTHER_KEY });
    expect(await mysql.probe(target, 'direct', login)).toMatchObject({
      verdict: 'unknown',
      failure: 'server_key_changed',
      otherKey: { kind: 'tls', endpoint: 'direct', trusted: OTHER_KEY, offered: key },
    });
    expect(server.log()).not.toMatch(/Connect\s+changed@/);
  });

  it('never falls back to plain text once a key is trusted', async () => {
    const login = await plain.createLogin('downgraded');
    expect(await ask(plain, login, { mode: 'prefer', pinnedKey: key })).toBe('tls_downgraded');
    expect(await ask(plain, login, { mode: 'prefer', pinnedKey: NO_TLS })).toBe('accepted');
  });
});
