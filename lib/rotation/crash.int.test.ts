// `npm run torture` in small: two rounds of each kind. Everything that reads the environment is imported afterwards.
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Rig, startRig } from '#scripts/torture/rig.ts';

const ROUNDS = 2;
const seed = randomInt(2 ** 31);
let rig: Rig;
let scenarios: typeof import('#scripts/torture/scenarios.ts').SCENARIOS;
let play: typeof import('#scripts/torture/play.ts');

beforeAll(async () => {
  rig = await startRig({ recovery: 'here' });
  ({ SCENARIOS: scenarios } = await import('#scripts/torture/scenarios.ts'));
  play = await import('#scripts/torture/play.ts');
});
afterAll(() => rig.stop());

it.each([
  ['kill-at-failpoints', 30],
  ['kill-at-delivery', 4],
  ['kill-at-random', 1],
  ['mariadb-killed', 12],
  ['target-crashes', 2],
  ['store-crashes', 2],
  ['connection-cut', 3],
  ['stopped-worker', 3],
  ['queue-emptied', 1],
  ['simultaneous-triggers', 1],
  ['sync-interrupted', 9],
])(`nobody is locked out and nothing is stuck: %s`, { timeout: 300_000 }, async (name, kinds) => {
  const scenario = scenarios[name]!;
  const series = scenario(rig);
  expect(series).toHaveLength(kinds);
  for (const one of series) {
    const { told, ...tally } = await play.playSeries(rig, scenario, one.name, { rounds: ROUNDS, seed });
    expect(tally, `${one.name}, seed ${seed}\n${told.join('\n')}`).toMatchObject({ rounds: ROUNDS, faults: { lockout: 0, stuck: 0, fault: 0 } });
  }
});
