import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Login, TlsMode } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { withDirect, withTls } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget, targetVersions } from '#scripts/servers/test-target.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';

const certificate = makeCertificate('localhost');
const another = makeCertificate('localhost');

describe.each(targetVersions)('TLS of PostgreSQL %s', (version) => {
  let plain: TestTarget;
  let secure: TestTarget;
  beforeAll(async () => {
    const hba = [
      'hostssl all only_tls 127.0.0.1/32 scram-sha-256',
      'hostnossl all only_plain 127.0.0.1/32 scram-sha-256',
      'host all postgres 127.0.0.1/32 scram-sha-256',
    ];
    [plain, secure] = await Promise.all([startTarget({ version }), startTarget({ version, hba, certificate })]);
  });
  afterAll(() => Promise.all([plain.stop(), secure.stop()]));

  async function ask(server: TestTarget, login: Login, mode: TlsMode, caPem: string | null = null, host = '127.0.0.1') {
    const { verdict, ...rest } = await postgres.probe(withTls(withDirect(server.target, { host }), { mode, caPem }), 'direct', login);
    return 'failure' in rest ? rest.failure : verdict;
  }

  it('is off, preferred or required with a server that has none', async () => {
    const login = await plain.createLogin('app');
    expect(await ask(plain, login, 'disable')).toBe('accepted');
    expect(await ask(plain, login, 'prefer')).toBe('accepted');
    for (const mode of ['require', 'verify-ca', 'verify-full'] as const) expect(await ask(plain, login, mode)).toBe('tls_refused');
  });

  it('is used where the server has it', async () => {
    const [tls, text] = [await secure.createLogin('only_tls'), await secure.createLogin('only_plain')];
    for (const mode of ['prefer', 'require'] as const) {
      expect(await ask(secure, tls, mode)).toBe('accepted');
      expect(await ask(secure, text, mode)).toBe('login_not_allowed');
    }
    expect(await ask(secure, tls, 'disable')).toBe('login_not_allowed');
    expect(await ask(secure, text, 'disable')).toBe('accepted');
  });

  it('checks the chain, and the name only with verify-full', async () => {
    const login = secure.superuser;
    expect(await ask(secure, login, 'verify-ca', certificate.certPem)).toBe('accepted');
    expect(await ask(secure, login, 'verify-ca', another.certPem)).toBe('tls_untrusted');
    expect(await ask(secure, login, 'verify-ca')).toBe('tls_untrusted');
    expect(await ask(secure, login, 'verify-full', certificate.certPem, 'localhost')).toBe('accepted');
    expect(await ask(secure, login, 'verify-full', certificate.certPem)).toBe('tls_untrusted');
    expect(await ask(secure, login, 'verify-full', another.certPem, 'localhost')).toBe('tls_untrusted');
  });

  it('checks the chain with require too if a certificate is given, as libpq does', async () => {
    expect(await ask(secure, secure.superuser, 'require', certificate.certPem)).toBe('accepted');
    expect(await ask(secure, secure.superuser, 'require', another.certPem)).toBe('tls_untrusted');
  });

  it('serves a whole change as well', async () => {
    const target = withTls(secure.target, { mode: 'verify-ca', caPem: certificate.certPem });
    const operator = await postgres.openOperator(target, secure.superuser, 'rekey:tls:1');
    expect(await operator.endOrphans('rekey:tls:')).toBe(0);
    await operator.close();
  });
});
