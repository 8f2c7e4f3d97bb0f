import { expect, test } from 'vitest';
import { liveState } from './live-clock.ts';

const now = 1_000_000;

test('the stream is live for 5 s after its last word', () => {
  expect(liveState(now, now - 5000, 0)).toBe('live');
  expect(liveState(now, now - 5001, now)).toBe('polling');
});

test('without any answer for 15 s it is stale, with one it is polling', () => {
  expect(liveState(now, now - 15_000, now - 20_000)).toBe('polling');
  expect(liveState(now, now - 15_001, now - 15_001)).toBe('stale');
  expect(liveState(now, now - 600_000, now - 2000)).toBe('polling');
});
