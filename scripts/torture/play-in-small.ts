import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Rig, startRig } from '#scripts/torture/rig.ts';

const ROUNDS = 2;

/** `npm run torture` in small: two rounds of each kind of the scenarios named, which must be so many. */
export function playInSmall(cases: [name: string, kinds: number][]): void {
  const seed = randomInt(2 ** 31);
  let rig: Rig;
  let scenarios: typeof import('#scripts/torture/scenarios.ts').SCENARIOS;
  let play: typeof import('#scripts/torture/play.ts');

  beforeAll(async () => {
    rig = await startRig({ recovery: 'here' });
    // These read the environment, which the rig has set by now.
    ({ SCENARIOS: scenarios } = await import('#scripts/torture/scenarios.ts'));
    play = await import('#scripts/torture/play.ts');
  });
  afterAll(() => rig.stop());

  it.each(cases)('nobody is locked out and nothing is stuck: %s', { timeout: 300_000 }, async (name, kinds) => {
    const scenario = scenarios[name];
    if (!scenario) throw new Error(`there is no scenario ${name}`);
    const series = scenario(rig);
    expect(series).toHaveLength(kinds);
    for (const one of series) {
      const { told, ...tally } = await play.playSeries(rig, scenario, one.name, { rounds: ROUNDS, seed });
      expect(tally, `${one.name}, seed ${seed}\n${told.join('\n')}`).toMatchObject({ rounds: ROUNDS, faults: { lockout: 0, stuck: 0, fault: 0 } });
    }
  });
}
