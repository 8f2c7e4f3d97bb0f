import { expect, it } from 'vitest';
import { maskUrl, unmaskUrl } from './mask-url.ts';

it.each([
  ['postgresql://app:secret@db:5432/shop', 'postgresql://app:••••@db:5432/shop'],
  ['postgresql://app:sec/r@et@db/shop?sslmode=require', 'postgresql://app:••••@db/shop?sslmode=require'],
  ['postgresql://app@db/shop', 'postgresql://app@db/shop'],
  ['app:secret', '••••'],
  ['', ''],
])('shows %s without its password', (url, shown) => {
  expect(maskUrl(url)).toBe(shown);
  expect(unmaskUrl(shown, url)).toBe(url);
});

it('keeps the password where another part is typed, and takes a new one', () => {
  const url = 'postgresql://app:$&secret@db';
  expect(unmaskUrl('postgresql://app:••••@db/shop', url)).toBe('postgresql://app:$&secret@db/shop');
  expect(unmaskUrl('postgresql://app:other@db/shop', url)).toBe('postgresql://app:other@db/shop');
});
