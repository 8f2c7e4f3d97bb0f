import { expect, it } from 'vitest';
import { maxAttempts, nextAttemptAt } from './retry-schedule.ts';

const NOW = new Date('2026-11-22T10:00:00.000Z');
const EARLIER = new Date(NOW.getTime() - 10_000);
const secondsUntil = (next: Date | null) => next && (next.getTime() - NOW.getTime()) / 1000;
const failed = (attempts: number, retryAfter: string | null = null) => ({ attempts, startedAt: EARLIER, endedAt: NOW, retryAfter });

it.each(['standard', 'slack'] as const)('%s: tries again 5 s, 5 min, 30 min, 2 h and 5 h after the end of a try, then gives up', (dialect) => {
  expect([1, 2, 3, 4, 5, 6].map((attempts) => secondsUntil(nextAttemptAt(dialect, failed(attempts))))).toEqual([5, 300, 1800, 7200, 18_000, null]);
  expect(maxAttempts(dialect)).toBe(6);
});

it('vector: tries at 0, 42 s, 2.5 min, 9 min and 30 min, however long a try takes, then stops', () => {
  const times: number[] = [0];
  for (let attempts = 1; ; attempts++) {
    const startedAt = new Date(NOW.getTime() + (times.at(-1) ?? 0) * 1000);
    const next = nextAttemptAt('vector', { attempts, startedAt, endedAt: new Date(startedAt.getTime() + 30_000), retryAfter: '3600' });
    if (!next) break;
    times.push(secondsUntil(next) ?? Number.NaN);
  }
  expect(times).toEqual([0, 42, 150, 540, 1800]);
  expect(maxAttempts('vector')).toBe(5);
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
  expect(secondsUntil(nextAttemptAt('standard', failed(1, retryAfter)))).toBe(seconds);
});

it('gives up after the last try whatever Retry-After says', () => {
  expect(nextAttemptAt('standard', failed(maxAttempts('standard'), '60'))).toBeNull();
});
