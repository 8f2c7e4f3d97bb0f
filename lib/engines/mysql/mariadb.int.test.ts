// Each test is a way in which an account on MariaDB cannot be logged in to or changed, and what is said of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import type { ChangeRequest, Login, Place, Target } from '#lib/engines/engine.ts';
import { mysql } from '#lib/engines/mysql.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { rotatorAt, withDirect } from '#scripts/servers/place.ts';
import { startFakeServer } from '#scripts/testing/fake-server.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';

let server: MariadbTarget;
let rotator: Login;
const certificate = makeCertificate('localhost');
beforeAll(async () => {
  server = await startMariadbTarget({ certificate });
  rotator = await server.createRotator('rotator');
});
afterAll(() => server.stop());

const at = (change: Partial<Place> = {}): Target => withDirect(server.target, change);
const probe = async (login: Login, change: Partial<Place> = {}) => {
  const { at: _, durationMs: __, ...verdict } = await mysql.probe(at(change), 'direct', login);
  return verdict;
};
const wrong = (login: Login): Login => ({ ...login, password: generatePassword() });
const verifierOf = ({ password }: Login) => mysql.makeVerifier(password, 0);

/** Gives a login a new password as somebody; the failure's code, or null. */
async function change(login: Login, as: Login, more: Partial<ChangeRequest> = {}): Promise<string | null> {
  const operator = await mysql.openOperator(server.target, as, 'rekey:t:1');
  const verifier = await mysql.makeVerifier(generatePassword(), 0);
  const known = [await verifierOf(login)];
  const done = operator.changePassword({ role: login.user, verifier, known, attempt: 'rekey:t:1', onTransaction: async () => {}, ...more });
  const code = await done.then(
    () => null,
    (error: { code: string }) => error.code,
  );
  await operator.close();
  return code;
}

describe('a login', () => {
  it.each([
    ['locked', 'ACCOUNT LOCK', 'account_locked'],
    ['expired', 'PASSWORD EXPIRE', 'password_expired'],
  ])('that is %s still proves the password', async (name, options, after) => {
    const login = await server.createLogin(name, { options });
    expect(await probe(login)).toEqual({ verdict: 'accepted', after });
    expect(await probe(wrong(login))).toEqual({ verdict: 'refused' });
    await expect(mysql.openSession(server.target, login)).rejects.toMatchObject({ code: after, transient: false });
  });

  it('past the limit of the account still proves the password', async () => {
    const login = await server.createLogin('limited', { options: 'WITH MAX_USER_CONNECTIONS 1' });
    const app = await server.connect(login);
    expect(await probe(login)).toEqual({ verdict: 'accepted', after: 'server_full' });
    expect(await probe(wrong(login))).toEqual({ verdict: 'refused' });
    await app.end();
  });

  it('to an account without a password of its own proves nothing', async () => {
    await server.sql("CREATE USER by_socket@'%' IDENTIFIED VIA unix_socket");
    await server.sql("INSTALL SONAME 'auth_ed25519'");
    await server.sql("CREATE USER by_key@'%' IDENTIFIED VIA ed25519 USING PASSWORD('secret')");
    expect(await probe({ user: 'by_key', password: generatePassword() })).toEqual({ verdict: 'unknown', failure: 'auth_method_unsupported' });
    // No password of the account logs in, and what the server says of it is definite.
    const login = { user: 'by_socket', password: generatePassword() };
    expect(await probe(login)).toEqual({ verdict: 'refused' });
    await expect(mysql.inspect(server.target, login, null)).rejects.toMatchObject({ code: 'no_password' });
  });

  it("that must use TLS is distinguished from a wrong password if the server's key is trusted", async () => {
    const login = await server.createLogin('secure', { options: 'REQUIRE SSL' });
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
    const { fingerprint: pinnedKey } = await mysql.readKey(at({ tls: { ...server.target.direct.tls, mode: 'require' } }), 'direct');
    const off = (key: string | null) => ({ tls: { ...server.target.direct.tls, mode: 'disable', pinnedKey: key } }) as const;
    expect(await probe(login, off(pinnedKey))).toEqual({ verdict: 'unknown', failure: 'tls_needed' });
    expect(await probe(wrong(login), off(pinnedKey))).toEqual({ verdict: 'refused' });
    expect(await probe(login, off(null))).toEqual({ verdict: 'refused' });
  });

  it.each([
    ['require', null, '127.0.0.1', { verdict: 'accepted' }],
    ['verify-ca', certificate.certPem, '127.0.0.1', { verdict: 'accepted' }],
    ['verify-full', certificate.certPem, 'localhost', { verdict: 'accepted' }],
    ['verify-full', makeCertificate('localhost').certPem, 'localhost', { verdict: 'unknown', failure: 'tls_untrusted' }],
    ['verify-ca', null, '127.0.0.1', { verdict: 'unknown', failure: 'tls_untrusted' }],
  ] as const)('by TLS mode %s', async (mode, caPem, host, verdict) => {
    const login = await server.createLogin(`tls_${Math.random().toString(36).slice(2)}`);
    expect(await probe(login, { host, tls: { ...server.target.direct.tls, mode, caPem } })).toEqual(verdict);
  });

  it('whose account is shadowed by another one is detected', async () => {
    const login = await server.createLogin('shadowed');
    // The admin of the tests is overshadowed as well: who is logged in stays so.
    const admin = await server.connect(server.admin);
    await admin.query(`CREATE USER ''@'127.0.0.1' IDENTIFIED VIA mysql_native_password USING '${await verifierOf(login)}'`);
    const verdict = await probe(login);
    await admin.query("DROP USER ''@'127.0.0.1'");
    await admin.end();
    expect(verdict).toEqual({ verdict: 'unknown', failure: 'wrong_identity' });
  });

  it('that would send the password in clear text is not made', async () => {
    const login = { user: 'plain', password: generatePassword() };
    const packet = (sequence: number, body: Buffer) => Buffer.concat([Buffer.from([body.length & 255, body.length >> 8, 0, sequence]), body]);
    const greeting = Buffer.concat([
      Buffer.from('\n10.11.19-MariaDB\0'),
      Buffer.from([1, 0, 0, 0]),
      Buffer.from('saltsalt\0'),
      // All capabilities but TLS.
      Buffer.from([0xff, 0xf7, 33, 2, 0, 0xff, 0x81, 21]),
      Buffer.alloc(10),
      Buffer.from('saltsaltsalt\0mysql_native_password\0'),
    ]);
    const sent: Buffer[] = [];
    const answer = (message: Buffer) => {
      sent.push(message);
      return packet(2, Buffer.from('\xfemysql_clear_password\0', 'latin1'));
    };
    const fake = await startFakeServer([answer], packet(0, greeting));
    expect(await probe(login, { port: fake.port })).toEqual({ verdict: 'unknown', failure: 'cleartext_refused' });
    expect(sent.length).toBeGreaterThan(0);
    expect(Buffer.concat(sent).includes(login.password.reveal())).toBe(false);
    await fake.stop();
  });
});

describe('a change', () => {
  it('of accounts of different kinds touches none', async () => {
    const login = await server.createLogin('mixed');
    await server.sql('CREATE USER mixed@localhost IDENTIFIED VIA unix_socket');
    expect(await change(login, rotator)).toBe('plugin_unsupported');
    expect(await mysql.inspect(server.target, login, rotatorAt(rotator, server.target))).toMatchObject({ rotatorMayChange: false });
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
  });

  it("of accounts, one of which has someone else's password, touches none", async () => {
    const login = await server.createLogin('apart');
    await server.sql(`CREATE USER apart@'10.1.2.3' IDENTIFIED VIA mysql_native_password USING '${await verifierOf(wrong(login))}'`);
    expect(await change(login, rotator, { known: [await verifierOf(login)] })).toBe('accounts_differ');
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
  });

  it('of a user that is gone says so', async () => {
    expect(await change({ user: 'gone', password: generatePassword() }, rotator)).toBe('role_missing');
  });

  it('by a rotator without the right is not permitted, whichever is missing', async () => {
    const login = await server.createLogin('kept_from');
    const blind = await server.createLogin('blind');
    await server.sql("GRANT CREATE USER ON *.* TO blind@'%'");
    const weak = await server.createLogin('weak');
    await server.sql("GRANT SELECT ON mysql.global_priv TO weak@'%'");
    for (const other of [blind, weak]) {
      expect(await change(login, other)).toBe('not_permitted');
      expect(await mysql.inspect(server.target, login, rotatorAt(other, server.target))).toMatchObject({ rotatorMayChange: false, rotatorFailure: null });
    }
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
  });

  it('that waits too long is canceled by the server and has no effect', async () => {
    const login = await server.createLogin('blocked');
    const blocker = await server.connect(server.admin);
    await blocker.query('FLUSH TABLES WITH READ LOCK');
    const began = Date.now();
    expect(await change(login, rotator)).toBe('lock_busy');
    expect(Date.now() - began).toBeLessThan(6_000);
    await blocker.query('UNLOCK TABLES');
    await blocker.end();
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
    expect(await change(login, rotator)).toBe(null);
  });

  it('on a server that is read-only or follows another one is not tried', async () => {
    const login = await server.createLogin('readonly');
    await server.sql('SET GLOBAL read_only = 1');
    expect(await mysql.inspect(server.target, login, rotatorAt(rotator, server.target))).toMatchObject({
      isReadOnly: true,
      selfMayChange: false,
      rotatorMayChange: false,
    });
    expect(await change(login, login)).toBe('read_only');
    await server.sql('SET GLOBAL read_only = 0');
    await server.sql("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, MASTER_USER = 'x'");
    await server.sql('START SLAVE');
    expect(await mysql.inspect(server.target, login, rotatorAt(rotator, server.target))).toMatchObject({ isReadOnly: true });
    expect(await change(login, rotator)).toBe('read_only');
    await server.sql('STOP SLAVE');
    await server.sql('RESET SLAVE ALL');
    expect(await change(login, rotator)).toBe(null);
  });

  it('on a server that accepts no hash says so', async () => {
    const login = await server.createLogin('strict');
    await server.sql("INSTALL SONAME 'simple_password_check'");
    expect([await change(login, rotator), await change(login, login)]).toEqual(['verifier_refused', 'verifier_refused']);
    await server.sql("UNINSTALL SONAME 'simple_password_check'");
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
  });

  it('by the user itself cannot keep a second password', async () => {
    const login = await server.createLogin('single');
    expect(await change(login, login, { alsoValid: [await verifierOf(login)] })).toBe('overlap_unsupported');
    expect(await probe(login)).toEqual({ verdict: 'accepted' });
  });
});
