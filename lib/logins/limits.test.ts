import { describe, expect, it } from 'vitest';
import { ATTENTION_INTERVAL_MS, backoffMs, DEADLINE_MS, LEASE_MS, MAX_ATTEMPTS, MAX_RETRIES, POOLER_RETRY_MS, patienceMs } from './limits.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the limits of a rotation', () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
  ])('the wait before retry %i is %i ms, give or take a fifth', (n, ms) => {
    const waits = Array.from({ length: 500 }, () => backoffMs(n));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(ms * 0.8);
    expect(Math.max(...waits)).toBeLessThanOrEqual(ms * 1.2);
    expect(new Set(waits).size).toBeGreaterThan(50);
  });

  it('are one attempt and three retries', () => {
    expect([MAX_RETRIES, MAX_ATTEMPTS]).toEqual([3, 4]);
  });

  it('waits for a server from a second to 5 s, more the longer it takes, and never past the deadline', () => {
    const deadlineAt = new Date(DEADLINE_MS);
    const waitsAt = (takenMs: number) => Array.from({ length: 100 }, () => patienceMs(deadlineAt, new Date(takenMs)));
    for (const [takenMs, wantedMs] of [
      [0, 1_000],
      [8_000, 2_000],
      [60_000, 5_000],
    ] as const) {
      for (const waitMs of waitsAt(takenMs)) {
        expect(waitMs).toBeGreaterThanOrEqual(wantedMs * 0.8);
        expect(waitMs).toBeLessThanOrEqual(wantedMs * 1.2);
      }
    }
    expect(waitsAt(DEADLINE_MS - 3_000)).toEqual(waitsAt(DEADLINE_MS + 1).map(() => null));
  });

  it('try a pooler at most three times, the last time after it has forgotten its failed login (15 s)', () => {
    expect(POOLER_RETRY_MS).toHaveLength(2);
    expect(sum(POOLER_RETRY_MS)).toBeGreaterThan(15_000);
  });

  it('fit: the retries within the deadline, an attempt within its lease', () => {
    const worstWaits = sum([1, 2, 3].map((n) => 1000 * 2 ** (n - 1) * 1.2));
    expect(worstWaits + sum(POOLER_RETRY_MS)).toBeLessThan(DEADLINE_MS);
    expect(sum(POOLER_RETRY_MS)).toBeLessThan(LEASE_MS);
    expect(ATTENTION_INTERVAL_MS).toBeLessThan(DEADLINE_MS);
  });
});
