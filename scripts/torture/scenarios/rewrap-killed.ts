import { setTimeout as delay } from 'node:timers/promises';
import { requestKeyRotation } from '#lib/encryption/request-key-rotation.ts';
import { countValues } from '#lib/encryption/rewrap-column.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { makeSealedRows, openAll, randomKey, ringOf } from '#scripts/testing/sealed-rows.ts';
import { RoundFault } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import type { Random } from '#scripts/torture/random.ts';
import type { Rig } from '#scripts/torture/rig.ts';
import { until } from '#scripts/torture/until.ts';

const KILLS = 20;
const SECRETS = 5_000;
/** About as long as a re-wrapping of so many takes. */
const LONGEST_MS = 1_500;

interface Keys {
  next: string;
  earlier: string;
}

/** Wraps all with `next`, each worker killed at a random moment, as often as `kills` allows. Answers how many were killed in the middle. */
async function rewrapUnderKills(rig: Rig, random: Random, organizationId: string, { next, earlier }: Keys, kills: number): Promise<number> {
  const environment = { REKEY_ENCRYPTION_KEY: next, REKEY_ENCRYPTION_KEYS_EARLIER: earlier };
  const ring = ringOf(next, earlier);
  const { id } = await requestKeyRotation(systemContext(organizationId), ring);
  const isOver = async () => (await db.keyRotation.findUniqueOrThrow({ where: { id } })).finishedAt !== null;
  let hits = 0;
  while (hits < kills && !(await isOver())) {
    const worker = await rig.yard.start(environment);
    await delay(random.between(0, LONGEST_MS));
    await worker.kill();
    if (!(await isOver())) hits += 1;
  }
  const last = await rig.yard.start(environment);
  await until('everything to be wrapped anew', isOver, { timeoutMs: 60_000 });
  await last.kill();
  const counts = [...(await countValues()).keys()];
  if (counts.length !== 1 || counts[0] !== ring.current.id) throw new RoundFault('stuck', `values are left with ${counts.join(', ')}`);
  return hits;
}

/**
 * kill -9 of workers, twenty times at random moments of a re-wrapping, while every value is opened over and over: to a new
 * key and back, until it was in the middle so often.
 */
export const rewrapKilled: Scenario = (rig) => {
  const made = lazy(() => makeSealedRows(SECRETS));
  return [
    {
      name: 're-wrap killed',
      play: async (random) => {
        const organizationId = await made();
        const [own, other] = [process.env.REKEY_ENCRYPTION_KEY ?? '', randomKey()];
        const before = await openAll(ringOf(own));
        let isOver = false;
        const reading = (async () => {
          while (!isOver) {
            const found = await openAll(ringOf(other, own)).catch((error: unknown) => {
              throw new RoundFault('lockout', (error as Error).message);
            });
            for (const [place, text] of before) if (found.get(place) !== text) throw new RoundFault('lockout', `${place} reads otherwise`);
          }
        })();
        const working = (async () => {
          let hits = 0;
          while (hits < KILLS) {
            hits += await rewrapUnderKills(rig, random, organizationId, { next: other, earlier: own }, KILLS - hits);
            hits += await rewrapUnderKills(rig, random, organizationId, { next: own, earlier: other }, KILLS - hits);
          }
          return hits;
        })().finally(() => {
          isOver = true;
        });
        const [hits] = await Promise.all([working, reading]);
        await openAll(ringOf(own));
        return { endings: ['completed'], hits };
      },
    },
  ];
};
