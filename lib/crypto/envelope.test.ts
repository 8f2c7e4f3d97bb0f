import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open, type SealContext, seal } from './envelope.ts';
import { type KeyRing, SealBrokenError } from './key-encryption-key.ts';
import { localKey } from './local-key.ts';

const ringOf = (current = localKey(randomBytes(32)), ...earlier: KeyRing['keys']): KeyRing => ({ setting: 'X', current, keys: [current, ...earlier] });
const ring = ringOf();
const here: SealContext = { organizationId: 'org_1', table: 'credentials', row: 'crd_1', field: 'sealed', version: 3 };

describe('envelope', () => {
  it('opens what it sealed, whatever the text', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => (await open(await seal(text, here, ring), here, ring)) === text));
  });

  it('never gives the same text twice, nor the plaintext, and names its key', async () => {
    const [a, b] = [await seal('canary-1234', here, ring), await seal('canary-1234', here, ring)];
    expect(a).not.toBe(b);
    expect(a.split('.').slice(0, 2)).toEqual(['rk1', ring.current.id]);
    // The data key is a fresh one each time.
    expect(a.split('.')[2]).not.toBe(b.split('.')[2]);
    expect(Buffer.from(a.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('canary');
  });

  it.each([
    ['organization', { ...here, organizationId: 'org_2' }],
    ['table', { ...here, table: 'servers' }],
    ['row', { ...here, row: 'crd_2' }],
    ['field', { ...here, field: 'other' }],
    ['version', { ...here, version: 4 }],
  ])('does not open for another %s', async (_name, other) => {
    await expect(open(await seal('x', here, ring), other, ring)).rejects.toThrow(SealBrokenError);
  });

  it('opens with a key that is no longer the current one, and with no other', async () => {
    const sealed = await seal('x', here, ring);
    expect(await open(sealed, here, ringOf(undefined, ring.current))).toBe('x');
    await expect(open(sealed, here, ringOf())).rejects.toThrow(SealBrokenError);
  });

  it('does not open with another key that has taken its id', async () => {
    const other = { ...localKey(randomBytes(32)), opens: () => true };
    await expect(open(await seal('x', here, ring), here, ringOf(other))).rejects.toThrow(SealBrokenError);
  });

  it('does not open with the data key of another value, nor with the value of another', async () => {
    const [one, two] = [(await seal('one', here, ring)).split('.'), (await seal('two', { ...here, row: 'crd_2' }, ring)).split('.')];
    for (const mixed of [
      [one[0], one[1], two[2], one[3]],
      [one[0], one[1], one[2], two[3]],
    ])
      await expect(open(mixed.join('.'), here, ring)).rejects.toThrow(SealBrokenError);
  });

  it('does not open when any one character is changed', async () => {
    const sealed = await seal('x', here, ring);
    for (let i = 0; i < sealed.length; i++) {
      const other = sealed[i] === 'A' ? 'B' : 'A';
      const broken = sealed.slice(0, i) + other + sealed.slice(i + 1);
      // The last base64url character carries unused bits: a change there may decode to the same bytes.
      const isSame = broken.split('.').every((part, n) => Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[n] ?? '', 'base64url')));
      if (!isSame) await expect(open(broken, here, ring)).rejects.toThrow(SealBrokenError);
    }
  });
});
