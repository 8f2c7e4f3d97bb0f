import { db } from '#lib/kernel/db.ts';
import { FAILPOINTS } from '#lib/kernel/failpoint.ts';
import { markRetirement, retireDue } from '#lib/rotation/request/request-retirement.ts';
import { type RotationWish, requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { RoundFault, waitForEnd } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import { checkEnd, checkHeld, currentOf, makeMariadbSubject, type MariadbSubject as Subject } from '#scripts/torture/mariadb-subject.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { until } from '#scripts/torture/until.ts';

/** There is no pooler whose refusal would have anything undone. */
const POINTS = FAILPOINTS.filter((name) => !name.startsWith('undo.'));

const ask = async ({ adopted }: Subject, wish: RotationWish) => (await requestRotation(adopted.context, adopted.projectId, wish)).jobId;

/** As a deployment does once it stands; whoever comes first begins it, this process or the worker. */
async function end({ adopted: { databaseId } }: Subject, except: string): Promise<string> {
  await db.$transaction((tx) => markRetirement(tx, databaseId, { except: [except] }));
  await retireDue(databaseId);
  const where = { databaseId, kind: 'retire', finishedAt: null } as const;
  const begun = await db.rotation.findFirst({ where });
  if (!begun) throw new RoundFault('fault', 'nothing was begun');
  return begun.jobId;
}

/** kill -9 of the worker at each failpoint, where all have come to it: while the password is replaced at once, while the old one is to live on, and while it is ended. */
export const mariadbKilled: Scenario = (rig) => {
  const target = lazy(async () => {
    const server = await startMariadbTarget();
    rig.stopAtEnd(server);
    return server;
  });
  return POINTS.map((failpoint) => {
    const subjects = lazy(async () => {
      const server = await target();
      const [own, ...deployed] = await Promise.all([
        makeMariadbSubject(server, 'role'),
        makeMariadbSubject(server, 'rotator'),
        makeMariadbSubject(server, 'rotator'),
      ]);
      return { own, deployed };
    });
    const hasTwo = new Set<Subject>();
    return {
      name: `MariaDB: kill at ${failpoint}, at once, with both valid, and at the end of the old one`,
      play: async () => {
        const { own, deployed } = await subjects();
        // In turn: while one gets a second password, the other's first one is ended.
        const [next = own, last = own] = deployed.toSorted((a, b) => Number(hasTwo.has(a)) - Number(hasTwo.has(b)));
        const held = await Promise.all([own, next, last].map(currentOf));
        const runningOf = new Map([
          [next, held[1]?.version],
          [last, held[2]?.version],
        ]);
        const doomed = await rig.yard.start({ REKEY_FAILPOINTS: `${failpoint}*${hasTwo.has(last) ? 3 : 2}` });
        const asked = [
          { subject: own, jobId: await ask(own, {}) },
          { subject: next, jobId: await ask(next, { retirement: 'on_deploy' }) },
          ...(hasTwo.has(last) ? [{ subject: last, jobId: await end(last, held[2]?.id ?? '') }] : []),
        ];
        await until(`the worker to die at ${failpoint}`, () => !doomed.isRunning(), { everyMs: 5 });
        for (const { subject } of asked) await checkHeld(subject, runningOf.get(subject));
        await rig.takeOver(asked.map(({ subject, jobId }) => ({ jobId, subject: subject.adopted })));
        const endings = await Promise.all(asked.map((one) => waitForEnd(one)));
        if (endings.includes('failed')) throw new RoundFault('fault', `they ended ${endings.join(', ')}`);
        await Promise.all([checkEnd(own), checkEnd(next, held[1]?.version), checkEnd(last)]);
        hasTwo.delete(last);
        hasTwo.add(next);
        return { endings, hits: endings.length };
      },
    };
  });
};
