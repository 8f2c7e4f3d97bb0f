import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '#scripts/torture/random.ts';
import { Clients } from './clients.ts';
import { Crew, type CrewOptions, canShiftClocks } from './crew.ts';
import { Faults } from './faults.ts';
import { MemoryWatch } from './memory-watch.ts';
import type { SoakResult } from './report.ts';
import { startStage } from './stage.ts';

export interface SoakOptions {
  minutes: number;
  seed: number;
  logins: number;
  clients: number;
  /** The mean rest of a client between two rotations. */
  restMs: number;
  /** How often a process is killed; other faults are rarer, in proportion. */
  everyMs: number;
  web: CrewOptions['web'];
  /** A checkout of another version, for one web server and one worker. */
  secondFolder?: string | undefined;
  say: (what: string) => void;
  /** Ends the traffic early; what was done is judged all the same. */
  signal?: AbortSignal;
}

const SLOW_STORE_MS = 20;
const SAMPLE_MS = 2_000;
/** A shorter run tells nothing of memory: processes have not warmed up. */
const SHORTEST_FOR_MEMORY = 15;
const LONGEST_SETTLING_MS = 150_000;

/** Runs Rekey for some minutes while everything around it breaks, and judges what it did. */
export async function runSoak({ minutes, seed, logins, clients: count, restMs, everyMs, web, secondFolder, say, signal }: SoakOptions): Promise<SoakResult> {
  const stage = await startStage({ logins, slowStoreMs: SLOW_STORE_MS });
  let crew: Crew | undefined;
  try {
    crew = await Crew.start({ web, secondStoreUrl: stage.store.slowUrl, secondFolder });
    say(
      `${logins} logins, 2 web servers and 2 workers; the store of one half answers ${SLOW_STORE_MS} ms later; clocks ${canShiftClocks ? 'jump' : 'stay: no libfaketime'}`,
    );
    const started = Date.now();
    const third = (minutes * 60_000) / 3;
    const thirdNow = () => Math.min(2, Math.floor((Date.now() - started) / third));
    const random = new Random(seed);
    const faults = new Faults(stage, crew, random, { everyMs, sparesFirst: () => thirdNow() > 0, say });
    const clients = new Clients({ urls: crew.urls, headers: stage.headers, logins: stage.logins, random });
    const memory = new MemoryWatch(crew, third);
    faults.start();
    clients.start(count, restMs);
    while (Date.now() - started < minutes * 60_000 && !signal?.aborted) {
      await delay(SAMPLE_MS);
      if (minutes >= SHORTEST_FOR_MEMORY) await memory.sample(Date.now() - started);
    }
    await faults.stop();
    stage.hearer.refuseSome(false);
    // What is left is done by clocks that are right.
    await Promise.all(crew.members.map((member) => crew?.kill(member)));
    await crew.ready();
    await clients.stop();
    say('settling');
    const { judge, settleAll } = await import('./judge.ts');
    const left = await settleAll(LONGEST_SETTLING_MS);
    const verdict = await judge(stage, minutes);
    verdict.stuck.push(...left);
    verdict.other.push(...clients.odd, ...faults.broken);
    return {
      verdict,
      asked: clients.asked,
      longestWaitMs: clients.longestWaitMs,
      faults: Object.fromEntries(faults.counts),
      memory: minutes < SHORTEST_FOR_MEMORY ? null : memory.result(),
      deliveries: stage.hearer.heard(),
    };
  } finally {
    await crew?.stop();
    const { db } = await import('#lib/kernel/db.ts');
    await db.$disconnect();
    await stage.stop();
  }
}
