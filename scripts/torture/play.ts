import { type Ending, type Fault, RoundFault } from './check.ts';
import { Random } from './random.ts';
import type { Rig } from './rig.ts';

/** What one round did. */
export interface Played {
  endings: Ending[];
  /** Processes killed or stopped, servers crashed, connections cut, at a moment when a rotation was in progress. */
  hits: number;
}

/** Rounds of one kind. */
export interface Series {
  name: string;
  /** The worker lives on from round to round. */
  keepsWorker?: boolean;
  play: (random: Random) => Promise<Played>;
}

/** Lists its series anew: after a fault the next round begins with logins of its own. */
export type Scenario = (rig: Rig) => Series[];

export interface Tally {
  rounds: number;
  hits: number;
  completed: number;
  failed: number;
  faults: Record<Fault, number>;
  /** The first few, in words. */
  told: string[];
}

const emptyTally = (): Tally => ({ rounds: 0, hits: 0, completed: 0, failed: 0, faults: { lockout: 0, stuck: 0, fault: 0 }, told: [] });

export function addTallies(tallies: Tally[]): Tally {
  const sum = emptyTally();
  for (const tally of tallies) {
    for (const key of ['rounds', 'hits', 'completed', 'failed'] as const) sum[key] += tally[key];
    for (const fault of ['lockout', 'stuck', 'fault'] as const) sum.faults[fault] += tally.faults[fault];
    sum.told.push(...tally.told);
  }
  return sum;
}

export const isClean = ({ faults }: Tally): boolean => faults.lockout + faults.stuck + faults.fault === 0;

/** Plays the rounds of one series and counts. */
export async function playSeries(rig: Rig, scenario: Scenario, name: string, { rounds, seed }: { rounds: number; seed: number }): Promise<Tally> {
  const find = () => {
    const found = scenario(rig).find((one) => one.name === name);
    if (!found) throw new Error(`no series ${name}`);
    return found;
  };
  const tally = emptyTally();
  const random = new Random(seed);
  let series = find();
  for (let round = 1; round <= rounds; round++) {
    tally.rounds += 1;
    try {
      const { endings, hits } = await series.play(random);
      tally.hits += hits;
      for (const ending of endings) tally[ending] += 1;
    } catch (error) {
      const fault = error instanceof RoundFault ? error.fault : 'fault';
      tally.faults[fault] += 1;
      if (tally.told.length < 5) tally.told.push(`${name}, round ${round}: ${fault}: ${(error as Error).message}\n${rig.yard.lastLogs()}`);
      series = find();
      await rig.yard.killStarted();
    }
    if (!series.keepsWorker) await rig.yard.killStarted();
  }
  await rig.yard.killStarted();
  return tally;
}
