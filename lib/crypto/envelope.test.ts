import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEncryptionKey } from './encryption-key.ts';
import { open, SealBrokenError, type SealContext, seal } from './envelope.ts';

const key = randomBytes(32);
const here: SealContext = { organizationId: 'org_1', table: 'credentials', row: 'crd_1', field: 'sealed', version: 3 };

describe('envelope', () => {
  it('opens what it sealed, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => open(seal(text, here, key), here, key) === text));
  });

  it('never gives the same text twice, nor the plaintext', () => {
    const [a, b] = [seal('canary-1234', here, key), seal('canary-1234', here, key)];
    expect(a).not.toBe(b);
    expect(Buffer.from(a.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('canary');
  });

  it.each([
    ['organization', { ...here, organizationId: 'org_2' }],
    ['table', { ...here, table: 'servers' }],
    ['row', { ...here, row: 'crd_2' }],
    ['field', { ...here, field: 'other' }],
    ['version', { ...here, version: 4 }],
  ])('does not open for another %s', (_name, other) => {
    expect(() => open(seal('x', here, key), other, key)).toThrow(SealBrokenError);
  });

  it('does not open with another key', () => {
    expect(() => open(seal('x', here, key), here, randomBytes(32))).toThrow(SealBrokenError);
  });

  it('does not open when any one character is changed', () => {
    const sealed = seal('x', here, key);
    for (let i = 0; i < sealed.length; i++) {
      const other = sealed[i] === 'A' ? 'B' : 'A';
      const broken = sealed.slice(0, i) + other + sealed.slice(i + 1);
      // The last base64url character carries unused bits: a change there may decode to the same bytes.
      const isSame = broken.split('.').every((part, n) => Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[n] ?? '', 'base64url')));
      if (!isSame) expect(() => open(broken, here, key)).toThrow(SealBrokenError);
    }
  });
});

describe('parseEncryptionKey', () => {
  it('takes 32 random bytes', () => {
    expect(parseEncryptionKey(key.toString('base64'))).toEqual(key);
  });

  it.each([
    ['nothing', ''],
    ['16 bytes', randomBytes(16).toString('base64')],
    ['hex', randomBytes(32).toString('hex')],
    ['zeros', Buffer.alloc(32).toString('base64')],
    ['a phrase', Buffer.from('change-me-change-me-change-me-00').toString('base64')],
  ])('refuses %s, naming the variable and the mend', (_name, text) => {
    expect(() => parseEncryptionKey(text)).toThrow(/REKEY_ENCRYPTION_KEY.*openssl rand/);
  });
});
