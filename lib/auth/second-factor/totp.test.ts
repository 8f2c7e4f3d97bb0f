import { expect, test } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import { newTotpSecret, stepOf, totpUri } from './totp.ts';

/** RFC 6238, appendix B: the ASCII text 12345678901234567890, SHA-1; the last six of its eight digits. */
const secret = new Secret('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
const at = (seconds: number) => new Date(seconds * 1000);

test.each([
  [59, '287082', 0x1],
  [1111111109, '081804', 0x23523ec],
  [1111111111, '050471', 0x23523ed],
  [1234567890, '005924', 0x273ef07],
  [2000000000, '279037', 0x3f940aa],
  [20000000000, '353130', 0x27bc86aa],
])('the code of second %i is that of the RFC', (seconds, code, step) => {
  expect(stepOf(secret, code, at(seconds))).toBe(step);
});

test('a code is good for one step before and after its own, and no more', () => {
  const [code, step] = ['005924', 1234567890 / 30];
  expect([-60, -30, 0, 30, 60].map((away) => stepOf(secret, code, at(1234567890 + away)))).toEqual([null, step, step, step, null]);
  expect(stepOf(secret, '005925', at(1234567890))).toBeNull();
  expect(stepOf(secret, '5924', at(1234567890))).toBeNull();
});

test('a secret has 160 bits, and stands in the address for the app with the account', () => {
  const made = newTotpSecret();
  expect(made.reveal()).toMatch(/^[A-Z2-7]{32}$/);
  expect(made.reveal()).not.toBe(newTotpSecret().reveal());
  const uri = new URL(totpUri(made, 'ada@example.com'));
  expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual(['otpauth:', 'totp', '/Rekey:ada@example.com']);
  expect(Object.fromEntries(uri.searchParams)).toEqual({ issuer: 'Rekey', secret: made.reveal(), algorithm: 'SHA1', digits: '6', period: '30' });
});
