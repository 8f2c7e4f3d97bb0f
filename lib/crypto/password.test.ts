import fc from 'fast-check';
import { expect, it } from 'vitest';
import { generatePassword } from './password.ts';

/** Passwords as they come from any 24 bytes, with new ones drawn where those do not serve. */
const passwords = fc
  .infiniteStream(fc.uint8Array({ minLength: 24, maxLength: 24 }))
  .map((draws) => generatePassword(() => Buffer.from(draws.next().value ?? [])).reveal());

it('survives every place it is pasted into, unchanged', () => {
  fc.assert(
    fc.property(passwords, (password) => {
      expect(password).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{30}[A-Za-z0-9]$/);
      expect(new URL(`postgresql://u:${password}@host:5432/db`).password).toBe(password);
      expect(encodeURIComponent(password)).toBe(password);
      expect(new URLSearchParams({ password }).toString()).toBe(`password=${password}`);
      expect(JSON.stringify(password)).toBe(`"${password}"`);
    }),
    { numRuns: 500 },
  );
});

it('draws again what would begin or end with a sign', () => {
  const draws = ['-'.repeat(32), `a${'b'.repeat(30)}_`, `-${'b'.repeat(31)}`, 'c'.repeat(32)];
  const next = () => Buffer.from(draws.shift() ?? '', 'base64url');
  expect(generatePassword(next).reveal()).toBe('c'.repeat(32));
});

it('takes 24 bytes and never gives the same one twice', () => {
  const sizes: number[] = [];
  generatePassword((size) => {
    sizes.push(size);
    return Buffer.alloc(size, 1);
  });
  expect(sizes).toEqual([24]);
  expect(new Set(Array.from({ length: 1000 }, () => generatePassword().reveal())).size).toBe(1000);
});
