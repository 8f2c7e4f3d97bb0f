import { FAILPOINTS, type Failpoint } from '#lib/kernel/failpoint.ts';
import { checkHeld, RoundFault, settleAll } from '#scripts/torture/check.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { askAll, makeBoth } from '#scripts/torture/subject.ts';
import { until } from '#scripts/torture/until.ts';

/** `undo.*` is reached where a pooler goes on refusing the new password: it reads a file that nobody brings up to date. */
const poolerFor = (failpoint: Failpoint) => (failpoint.startsWith('undo.') ? 'auth_file' : 'auth_query');

/** kill -9 of the worker at each named failpoint, where both rotations have come to it, and a fresh worker. */
export const killAtFailpoints: Scenario = (rig) =>
  FAILPOINTS.map((failpoint) => {
    const both = makeBoth(() => rig.target({ pooler: poolerFor(failpoint) }));
    return {
      name: `kill at ${failpoint}, changed by the role and by the rotator`,
      play: async () => {
        const subjects = await both();
        const [asked, doomed] = await Promise.all([askAll(subjects), rig.yard.start({ REKEY_FAILPOINTS: `${failpoint}*${subjects.length}` })]);
        await until(`the worker to die at ${failpoint}`, () => !doomed.isRunning(), { everyMs: 5 });
        await Promise.all(asked.map(checkHeld));
        await rig.takeOver(asked);
        const endings = await settleAll(asked);
        const wanted = failpoint.startsWith('undo.') ? 'failed' : 'completed';
        const other = endings.find((ending) => ending !== wanted);
        if (other) throw new RoundFault('fault', `one ended ${other}, not ${wanted}`);
        return { endings, hits: asked.length };
      },
    };
  });
