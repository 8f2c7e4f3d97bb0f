import { setTimeout as delay } from 'node:timers/promises';
import { db } from '#lib/kernel/db.ts';
import { REDEPLOY_FAILPOINTS, SYNC_FAILPOINTS } from '#lib/kernel/failpoint.ts';
import { settle } from '#scripts/torture/check.ts';
import { makeConnected, settleSyncs } from '#scripts/torture/connected.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario, Series } from '#scripts/torture/play.ts';
import { ask } from '#scripts/torture/subject.ts';
import { until } from '#scripts/torture/until.ts';
import type { WorkerProcess } from '#scripts/torture/worker-process.ts';

const LEASE_MS = 300;
/** As many syncs follow a rotation. */
const SYNCS = 3;
/** Longer than a rotation and its syncs take. */
const LONGEST_LIFE_MS = 1_500;

/**
 * Keeps the claims of a worker that stands still expired while others work. Once would not do: a write that it sent before
 * it stopped may reach the store late and renew one, for two minutes.
 */
async function whileExpired<T>(sleeper: WorkerProcess, work: () => Promise<T>): Promise<T> {
  const claimedBy = /"worker":"(wrk_\w+)"/.exec(sleeper.log())?.[1] ?? '';
  const expired = { where: { finishedAt: null, claimedBy }, data: { leaseUntil: new Date(0) } };
  const expire = () => Promise.all([db.sync.updateMany(expired), db.redeployment.updateMany(expired)]);
  await expire();
  const timer = setInterval(() => void expire().catch(() => undefined), 100);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Workers die and stand still while passwords are brought to providers: every target ends with the newest version. */
export const syncInterrupted: Scenario = (rig) => {
  const connected = lazy(() => makeConnected(rig));
  const start = async (more: Record<string, string> = {}) => rig.yard.start({ ...(await rig.providers()).env, ...more });

  const killed = (['complete.committed', ...SYNC_FAILPOINTS, ...REDEPLOY_FAILPOINTS] as const).map(
    (failpoint): Series => ({
      name: `kill at ${failpoint}, with providers to tell`,
      play: async (random) => {
        const all = await connected();
        const nth = failpoint.startsWith('sync.') ? 1 + Math.floor(random.next() * SYNCS) : 1;
        const [asked, doomed] = await Promise.all([ask(all.subject), start({ REKEY_FAILPOINTS: `${failpoint}:${nth}` })]);
        await until(`the worker to die at ${failpoint}`, () => !doomed.isRunning(), { everyMs: 5 });
        await rig.takeOver([asked], all.fakes.env);
        const ending = await settle(asked);
        await settleSyncs(all);
        return { endings: [ending], hits: 1 };
      },
    }),
  );

  const atRandom: Series = {
    name: 'kill at random, two rotations in a row',
    play: async (random) => {
      const all = await connected();
      const [asked, doomed] = await Promise.all([ask(all.subject), start()]);
      await delay(random.between(0, LONGEST_LIFE_MS));
      await doomed.kill();
      const next = await start();
      const endings = [await settle(asked)];
      const second = await ask(all.subject);
      await delay(random.between(0, LONGEST_LIFE_MS));
      await next.kill();
      await rig.takeOver([second], all.fakes.env);
      endings.push(await settle(second));
      await settleSyncs(all);
      return { endings, hits: 2 };
    },
  };

  const stopped: Series = {
    name: 'a worker wakes up after another one has brought a newer version',
    play: async (random) => {
      const all = await connected();
      const point = random.pick(SYNC_FAILPOINTS.filter((name) => name !== 'sync.settled'));
      const [first, sleeper] = await Promise.all([ask(all.subject), start({ REKEY_LEASE_MS: String(LEASE_MS), REKEY_FAILPOINTS: `${point}=stop` })]);
      await sleeper.stopped();
      await start();
      const endings = await whileExpired(sleeper, async () => {
        const settled = [await settle(first), await settle(await ask(all.subject))];
        await settleSyncs(all);
        return settled;
      });
      sleeper.goOn();
      await sleeper.drain();
      await settleSyncs(all);
      return { endings, hits: 1 };
    },
  };
  return [...killed, atRandom, stopped];
};
