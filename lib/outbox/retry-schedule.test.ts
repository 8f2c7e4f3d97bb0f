import { expect, it } from 'vitest';
import { MAX_ATTEMPTS, nextAttemptAt } from './retry-schedule.ts';

const NOW = new Date('2026-11-22T10:00:00.000Z');
const secondsUntil = (next: Date | null) => next && (next.getTime() - NOW.getTime()) / 1000;

it('tries again after 5 s, 5 min, 30 min, 2 h and 5 h, then gives up', () => {
  const waits = [1, 2, 3, 4, 5, 6].map((attempts) => secondsUntil(nextAttemptAt(attempts, NOW, null)));
  expect(waits).toEqual([5, 300, 1800, 7200, 18_000, null]);
  expect(MAX_ATTEMPTS).toBe(6);
});

it.each([
  ['60', 60],
  ['1', 5],
  ['Sun, 22 Nov 2026 10:10:00 GMT', 600],
  ['Sun, 22 Nov 2026 09:00:00 GMT', 5],
  ['99999999999', 86_400],
  ['soon', 5],
  ['-1', 5],
  ['', 5],
])('waits as Retry-After %j asks, never shorter than the schedule', (retryAfter, seconds) => {
  expect(secondsUntil(nextAttemptAt(1, NOW, retryAfter))).toBe(seconds);
});

it('gives up after the last try whatever Retry-After says', () => {
  expect(nextAttemptAt(MAX_ATTEMPTS, NOW, '60')).toBeNull();
});
