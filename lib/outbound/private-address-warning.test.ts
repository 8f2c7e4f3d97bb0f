import { expect, it } from 'vitest';
import { privateAddressWarning } from './private-address-warning.ts';

const names: Record<string, string[]> = { 'hooks.internal': ['10.0.0.5'], 'both.internal': ['10.0.0.5', 'fd00::7'], 'hooks.example.com': ['93.184.215.14'] };
const warn = (url: string, allow: string[] = []) =>
  privateAddressWarning(url, { allow, lookUp: async (host) => names[host]?.map((address) => ({ address })) ?? Promise.reject(new Error('ENOTFOUND')) });

it('names the setting in full, with what is allowed already, and that a restart is needed', async () => {
  expect(await warn('https://hooks.internal/rekey')).toBe(
    'hooks.internal leads to 10.0.0.5, which is not a public address, so Rekey will not call it. To allow it, set REKEY_OUTBOUND_ALLOW=10.0.0.5/32 for the web server and the workers, and restart them.',
  );
  expect(await warn('https://both.internal/', ['192.168.0.0/16'])).toContain('REKEY_OUTBOUND_ALLOW=192.168.0.0/16,10.0.0.5/32,fd00::7/128 ');
  expect(await warn('http://127.0.0.1:9000/')).toMatch(/^127\.0\.0\.1 is not a public address, .*REKEY_OUTBOUND_ALLOW=127\.0\.0\.1\/32 /);
  expect(await warn('https://[::1]/')).toContain('REKEY_OUTBOUND_ALLOW=::1/128 ');
});

it('says nothing of public and allowed addresses, nor of names that do not resolve', async () => {
  expect(await warn('https://hooks.example.com/')).toBe(null);
  expect(await warn('https://hooks.internal/', ['10.0.0.0/8'])).toBe(null);
  expect(await warn('https://unknown.internal/')).toBe(null);
});
