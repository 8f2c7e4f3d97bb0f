import { describe, expect, it } from 'vitest';
import { generateKey, hashKey, isMistypedKey, keyPrefix } from './key-format.ts';

describe('API keys', () => {
  it('have the documented form, and are never the same twice', () => {
    const keys = Array.from({ length: 50 }, generateKey);
    for (const key of keys) expect(key).toMatch(/^rk_live_[1-9A-HJ-NP-Za-km-z]{38}$/);
    expect(new Set(keys).size).toBe(50);
  });

  it('carry a checksum that any one changed or missing character breaks', () => {
    const key = generateKey();
    expect(isMistypedKey(key)).toBe(false);
    expect(isMistypedKey(key.slice(0, -1))).toBe(true);
    for (let i = 'rk_live_'.length; i < key.length; i++) expect(isMistypedKey(key.slice(0, i) + (key[i] === 'z' ? 'y' : 'z') + key.slice(i + 1))).toBe(true);
  });

  it('have the checksum of SECURITY.md', () => {
    expect(isMistypedKey(`rk_live_${'1'.repeat(32)}6cqvG8`)).toBe(false);
  });

  it('of another form are not judged: REKEY_INIT_API_KEY may be anything', () => {
    expect(isMistypedKey('a-key-that-somebody-else-made-up-for-us')).toBe(false);
  });

  it('are stored as a hash and a prefix that tells little', () => {
    const key = generateKey();
    expect(hashKey(key)).toMatch(/^[0-9a-f]{64}$/);
    expect(keyPrefix(key)).toHaveLength(12);
  });
});
