import { expect, it } from 'vitest';
import { retryAtOf } from './retry-at.ts';

const NOW = new Date('2026-11-22T10:00:00.000Z');
const at = (headers: Record<string, string>, body: unknown = undefined, isRateLimit = true) =>
  retryAtOf({ headers, body }, isRateLimit, NOW)?.toISOString() ?? null;
const limited = (reset: unknown) => ({ error: { code: 'rate_limited', limit: { remaining: 0, reset, resetMs: 1_795_341_900_123, total: 6 } } });

it.each([
  ['90', '2026-11-22T10:01:30.000Z'],
  ['0', '2026-11-22T10:00:00.000Z'],
  [' 90 ', '2026-11-22T10:01:30.000Z'],
  ['Sun, 22 Nov 2026 10:10:00 GMT', '2026-11-22T10:10:00.000Z'],
  ['soon', null],
  ['', null],
  ['99999999999999999999', null],
])('reads Retry-After %j', (retryAfter, expected) => {
  expect(at({ 'retry-after': retryAfter })).toBe(expected);
});

it('takes a unix time as the end of a rate limit, in a header or as Vercel tells it', () => {
  expect(at({ 'x-ratelimit-reset': '1795341900' })).toBe('2026-11-22T10:05:00.000Z');
  expect(at({}, limited(1_795_341_900))).toBe('2026-11-22T10:05:00.000Z');
  expect(at({ 'x-ratelimit-reset': 'never' }, limited('later'))).toBeNull();
});

it('believes Retry-After before a limit, and no limit where none was met', () => {
  expect(at({ 'retry-after': '90', 'x-ratelimit-reset': '1795341900' }, limited(1_795_341_900))).toBe('2026-11-22T10:01:30.000Z');
  expect(at({ 'x-ratelimit-reset': '1795341900' }, undefined, false)).toBeNull();
  expect(at({ 'retry-after': '90' }, undefined, false)).toBe('2026-11-22T10:01:30.000Z');
});
