import { describe, expect, it } from 'vitest';
import { env } from '#lib/kernel/env.ts';
import { isAllowedHost } from './check-host.ts';

describe('a host', () => {
  it.each([null, '127.0.0.1:3000', '10.1.2.3', '[::1]:3000', '[fe80::1]', 'localhost:3000', 'rekey.localhost', 'LOCALHOST'])('%s is Rekey’s', (host) => {
    expect(isAllowedHost(host)).toBe(true);
  });

  it.each([
    'evil.example',
    'evil.example:3000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'notlocalhost',
    '',
    '127.0.0.1:3000@evil.example',
    'xn--lcalhost-d1a',
  ])('%s is not', (host) => {
    expect(isAllowedHost(host)).toBe(false);
  });

  it('accepts the host of the public URL and the configured hosts', () => {
    const given = { NEXTAUTH_URL: env.NEXTAUTH_URL, REKEY_ALLOWED_HOSTS: env.REKEY_ALLOWED_HOSTS };
    Object.assign(env, { NEXTAUTH_URL: 'https://rekey.example.com', REKEY_ALLOWED_HOSTS: ['rekey-web'] });
    try {
      expect(['rekey.example.com', 'Rekey.Example.com:443', 'rekey-web:3000', 'example.com'].map(isAllowedHost)).toEqual([true, true, true, false]);
    } finally {
      Object.assign(env, given);
    }
  });
});
