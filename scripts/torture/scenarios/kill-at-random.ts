import { setTimeout as delay } from 'node:timers/promises';
import { checkHeld, settleAll } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { askAll, BOTH, countUnderWay, makeSubject } from '#scripts/torture/subject.ts';

/** kill -9 at any moment of four rotations that run at once. */
export const killAtRandom: Scenario = (rig) => {
  const subjects = lazy(async () => {
    const target = await rig.target({ pooler: 'auth_query' });
    return Promise.all([...BOTH, ...BOTH].map((by) => makeSubject(target, by)));
  });
  // How long four rotations take here, undisturbed.
  const usualMs = lazy(async () => {
    await rig.yard.start();
    const asked = await askAll(await subjects());
    const started = performance.now();
    await settleAll(asked);
    await rig.yard.killStarted();
    return performance.now() - started;
  });
  return [
    {
      name: 'kill at any moment, four at once',
      play: async (random) => {
        const afterMs = random.next() * (await usualMs());
        const worker = await rig.yard.start();
        const asked = await askAll(await subjects());
        await delay(afterMs);
        await worker.kill();
        const hits = await countUnderWay(asked);
        await Promise.all(asked.map(checkHeld));
        await rig.takeOver(asked);
        return { endings: await settleAll(asked), hits };
      },
    },
  ];
};
