import { expect, it } from 'vitest';
import { notReady } from './answer-ready.ts';

it.each([
  ['while it beats and sweeps', { lastBeat: 90_000, lastSweep: 99_000 }, null],
  ['not while the store takes no beat', { lastBeat: 80_000, lastSweep: 99_000 }, /no heartbeat/],
  ['not while no sweep succeeds', { lastBeat: 99_000, lastSweep: 80_000 }, /No sweep/],
])('a worker is ready %s', (_, { lastBeat, lastSweep }, reason) => {
  const said = notReady({ lastBeat: () => lastBeat, lastSweep: () => lastSweep }, 100_000);
  if (reason) expect(said).toMatch(reason);
  else expect(said).toBeNull();
});
