import { db } from '#lib/db.ts';
import { FAILPOINTS } from '#lib/failpoint.ts';
import { markRetirement, retireDue } from '#lib/rotation/request-retirement.ts';
import { type RotationWish, requestRotation } from '#lib/rotation/request-rotation.ts';
import { startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { type Ending, RoundFault, waitForEnd } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import { checkEnd, checkHeld, currentOf, makeMariadbSubject, type MariadbSubject as Subject } from '#scripts/torture/mariadb-subject.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { until } from '#scripts/torture/until.ts';

/** There is no pooler whose refusal would have anything undone. */
const POINTS = FAILPOINTS.filter((name) => !name.startsWith('undo.'));

/** kill -9 of the worker at each failpoint: while the password is replaced at once, while the old one is to live on, and while it is ended. */
export const mariadbKilled: Scenario = (rig) => {
  const target = lazy(async () => {
    const server = await startMariadbTarget();
    rig.stopAtEnd(server);
    return server;
  });
  return POINTS.map((failpoint) => {
    const subjects = lazy(async () => {
      const server = await target();
      return { own: await makeMariadbSubject(server, 'role'), deployed: await makeMariadbSubject(server, 'rotator') };
    });
    const killed = async (subject: Subject, begin: () => Promise<string | null>, running?: number): Promise<Ending> => {
      const doomed = await rig.yard.start({ REKEY_FAILPOINTS: failpoint });
      const jobId = await begin();
      if (!jobId) throw new RoundFault('fault', 'nothing was begun');
      await until(`the worker to die at ${failpoint}`, () => !doomed.isRunning(), { everyMs: 5 });
      await checkHeld(subject, running);
      await rig.takeOver([{ jobId, subject: subject.adopted }]);
      const ending = await waitForEnd({ jobId });
      if (ending !== 'completed') throw new RoundFault('fault', `it ended ${ending}`);
      await rig.yard.killStarted();
      return ending;
    };
    return {
      name: `MariaDB: kill at ${failpoint}, at once, with both valid, and at the end of the old one`,
      play: async (random) => {
        const { own, deployed } = await subjects();
        const ask = async ({ adopted }: Subject, wish: RotationWish) => (await requestRotation(adopted.context, adopted.projectId, wish)).jobId;
        // As a deployment does once it stands; whoever comes first begins it, this process or the worker.
        const end = async ({ adopted: { databaseId } }: Subject, except: string) => {
          await db.$transaction((tx) => markRetirement(tx, databaseId, { except }));
          await retireDue(databaseId);
          const where = { databaseId, kind: 'retire', finishedAt: null } as const;
          return (await db.rotation.findFirst({ where }))?.jobId ?? null;
        };

        const endings: Ending[] = [];
        // The same states as on PostgreSQL, where every round has them: here a few are enough.
        if (random.next() < 0.25) endings.push(await killed(own, () => ask(own, {})));
        await checkEnd(own);
        const { version: running } = await currentOf(deployed);
        endings.push(await killed(deployed, () => ask(deployed, { retirement: 'on_deploy' }), running));
        await checkEnd(deployed, running);
        const { id, version } = await currentOf(deployed);
        endings.push(await killed(deployed, () => end(deployed, id), version));
        await checkEnd(deployed);
        return { endings, hits: endings.length };
      },
    };
  });
};
