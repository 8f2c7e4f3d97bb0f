import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseEncryptionKey } from './local-key.ts';

const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64');

describe('the encryption key', () => {
  it('is 32 random bytes in base64', () => {
    for (let i = 0; i < 1000; i++) {
      const key = randomBytes(32);
      expect(parseEncryptionKey(base64(key), 'SOME_KEY').equals(key)).toBe(true);
    }
  });

  it.each([
    ['empty', ''],
    ['a passphrase', 'correct horse battery staple'],
    ['too short', base64(randomBytes(31))],
    ['too long', base64(randomBytes(33))],
    ['in hex', randomBytes(32).toString('hex')],
    ['in base64url without padding', randomBytes(32).toString('base64url')],
    ['with a line break', `${base64(randomBytes(32))}\n`],
  ])('%s is refused with the fix', (_, text) => {
    expect(() => parseEncryptionKey(text, 'SOME_KEY')).toThrow(/^SOME_KEY is not 32 bytes in base64\. Generate one with `openssl rand -base64 32`/);
  });

  it.each([
    ['zeros', Buffer.alloc(32)],
    ['one letter', 'a'.repeat(32)],
    ['a counted one', '01234567890123456789012345678901'],
    ['changeme', 'changeme-0123456789abcdefghijklm'],
    ['an example', 'example-key-0123456789-abcdefghi'],
  ])('%s is a placeholder', (_, bytes) => {
    expect(() => parseEncryptionKey(base64(bytes), 'SOME_KEY')).toThrow(/^SOME_KEY is a placeholder/);
  });

  it('is never repeated in the error', () => {
    const text = `${randomBytes(32).toString('base64')}x`;
    expect(() => parseEncryptionKey(text, 'SOME_KEY')).toThrow(expect.not.objectContaining({ message: expect.stringContaining(text.slice(0, 10)) }));
  });
});
