import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import { buildUrl } from './build-url.ts';
import { parseUrl } from './parse-url.ts';

// A grapheme may be many bytes; servers keep no name longer than 63 of them.
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => text.isWellFormed() && Buffer.byteLength(text) <= 63);
// WHATWG URL reads `.` and `..` as steps through a path, however they are written.
const databaseName = name.filter((text) => !text.split('/').some((part) => part === '.' || part === '..'));
const parts = fc.record({
  engine: fc.constantFrom('postgresql', 'mysql'),
  host: fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((text) => new URL(`http://[${text}]`).hostname.slice(1, -1)),
  ),
  port: fc.integer({ min: 1, max: 65_535 }),
  user: name,
  password: name,
  database: databaseName,
  sslMode: fc.constantFrom('disable', 'prefer', 'require', 'verify-ca', 'verify-full'),
});
const build = (p: typeof parts extends fc.Arbitrary<infer T> ? T : never) => buildUrl({ ...p, password: new Secret(p.password) });

describe('buildUrl', () => {
  it('is read back by our own parser, for any names and password', () => {
    fc.assert(
      fc.property(parts, (p) => {
        const { password, template: _, ...rest } = parseUrl('connection_url', build(p));
        expect({ ...rest, password: password.reveal() }).toEqual({ ...p, sslMode: p.sslMode === 'prefer' ? null : p.sslMode });
      }),
    );
  });

  it('is read back by node-postgres', () => {
    // In a path, node-postgres leaves %3F and %23 as they are: databases so named cannot be written for it.
    const readable = parts.filter((p) => p.engine === 'postgresql' && !/[?#]/.test(p.database) && ['disable', 'prefer', 'verify-full'].includes(p.sslMode));
    fc.assert(
      fc.property(readable, (p) => {
        const read = new pg.Client(build(p));
        expect([read.host, read.port, read.user, read.password, read.database]).toEqual([p.host, p.port, p.user, p.password, p.database]);
      }),
    );
  });

  it('is a URL to the WHATWG parser, with no character of a generated password changed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), (bytes) => {
        const password = Buffer.from(bytes).toString('base64url');
        const url = buildUrl({ engine: 'postgresql', host: 'h', port: 1, user: 'app', password: new Secret(password), database: 'd', sslMode: 'require' });
        expect(new URL(url).password).toBe(password);
      }),
    );
  });

  it('keeps host, port, role and database where only the password changes', () => {
    const urlWith = (password: string) =>
      buildUrl({ engine: 'postgresql', host: '::1', port: 6432, user: 'a b', password: new Secret(password), database: 'd', sslMode: 'prefer' });
    const [one, two] = [randomBytes(24).toString('base64url'), randomBytes(24).toString('base64url')];
    expect(urlWith(one).replace(one, two)).toBe(urlWith(two));
    expect(urlWith('x')).toBe('postgresql://a%20b:x@[::1]:6432/d');
  });

  it("uses MySQL's own words for TLS", () => {
    const url = buildUrl({ engine: 'mysql', host: 'h', port: 3306, user: 'app', password: new Secret('x'), database: 'd', sslMode: 'verify-full' });
    expect(url).toBe('mysql://app:x@h:3306/d?ssl-mode=VERIFY_IDENTITY');
  });
});
