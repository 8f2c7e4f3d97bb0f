import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import { parseUrl } from './parse-url.ts';
import { fillTemplate, isTemplateOf } from './url-template.ts';

const PARAMETERS = [
  'schema=tenant_a',
  'connection_limit=5',
  'pool_timeout=20',
  'pgbouncer=true',
  'channel_binding=require',
  'options=endpoint%3Dep-cool-name-123',
  'options=-c%20search_path%3Dtenant_a',
  'target_session_attrs=read-write',
  'connect_timeout=5',
  'application_name=shop-web',
  'unknown',
  'empty=',
  'pl+us=a+b',
  'a%2Fb=%C3%BC',
];
const TLS = {
  postgresql: ['sslmode=require', 'ssl=true', 'sslmode=allow', 'sslmode=verify-full&sslnegotiation=direct'],
  mysql: ['ssl-mode=REQUIRED', 'ssl=1'],
};
const encoded = (text: string): string => encodeURIComponent(text);

const given = fc
  .record({
    scheme: fc.constantFrom('postgresql', 'postgres', 'POSTGRES', 'mysql', 'mariadb'),
    user: fc.stringMatching(/^[a-z][A-Za-z0-9._~ü-]{0,20}$/),
    rawUser: fc.boolean(),
    password: fc.stringMatching(/^[A-Za-z0-9!$&'()*+,;=:@%/?#-]{1,20}$/),
    host: fc.constantFrom('h', 'DB.Example.com', '10.0.0.5', '[::1]', '[2001:DB8::1]'),
    port: fc.constantFrom('', ':5432', ':6543'),
    database: fc.constantFrom('shop', 'sales%20data', 'a.b', 'Ü'),
    parameters: fc.subarray(PARAMETERS),
    tls: fc.option(fc.nat(3)),
  })
  .map(({ scheme, user, rawUser, password, host, port, database, parameters, tls }) => {
    const words = TLS[/^m/i.test(scheme) ? 'mysql' : 'postgresql'];
    const query = [...parameters, ...(tls === null ? [] : [words[tls % words.length]])].join('&');
    const before = `${scheme}://${rawUser ? user : encoded(user)}:`;
    return { before, password: encoded(password), after: `@${host}${port}/${database}${query && `?${query}`}` };
  });

describe('a URL that is handed out', () => {
  it('equals the given one byte for byte, except for the password', () => {
    fc.assert(
      fc.property(given, fc.string({ minLength: 1 }), ({ before, password, after }, next) => {
        const { template } = parseUrl('connection_url', before + password + after);
        expect(fillTemplate(template, new Secret(next)).replace(/(?<=^[^:]*:\/\/[^:]*:)[^@]*(?=@)/, '')).toBe(before + after);
        expect(template).not.toContain(`:${password}@`);
        expect(parseUrl('connection_url', fillTemplate(template, new Secret(next))).password.reveal()).toBe(next);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every parameter, in order', () => {
    const url = `postgres://app:old@H/shop?${PARAMETERS.join('&')}`;
    expect(fillTemplate(parseUrl('connection_url', url).template, new Secret('new'))).toBe(url.replace('old', 'new'));
  });

  it('is a new one if the login has moved', () => {
    const { template } = parseUrl('connection_url', 'postgres://app:old@H/shop?a=b');
    const place = { host: 'h', port: 5432, user: 'app', database: 'shop' };
    expect(isTemplateOf(template, place, 5432)).toBe(true);
    for (const other of [{ host: 'i' }, { port: 1 }, { user: 'b' }, { database: 'c' }])
      expect(isTemplateOf(template, { ...place, ...other }, 5432)).toBe(false);
  });
});
