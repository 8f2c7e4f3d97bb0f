import { FAILPOINTS, type Failpoint } from '#lib/failpoint.ts';
import { checkHeld, RoundFault, settle } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { ask, BOTH, makeSubject } from '#scripts/torture/subject.ts';
import { until } from '#scripts/torture/until.ts';

/** `undo.*` is reached where a pooler goes on refusing the new password: it reads a file that nobody brings up to date. */
const poolerFor = (failpoint: Failpoint) => (failpoint.startsWith('undo.') ? 'auth_file' : 'auth_query');

/** kill -9 of the worker at each named failpoint, and a fresh worker. */
export const killAtFailpoints: Scenario = (rig) =>
  FAILPOINTS.flatMap((failpoint) =>
    BOTH.map((by) => {
      const subject = lazy(async () => makeSubject(await rig.target({ pooler: poolerFor(failpoint) }), by));
      return {
        name: `kill at ${failpoint}, changed by the ${by}`,
        play: async () => {
          const [asked, doomed] = await Promise.all([subject().then(ask), rig.yard.start({ REKEY_FAILPOINTS: failpoint })]);
          await until(`the worker to die at ${failpoint}`, () => !doomed.isRunning(), { everyMs: 5 });
          await checkHeld(asked);
          await rig.takeOver([asked]);
          const ending = await settle(asked);
          const wanted = failpoint.startsWith('undo.') ? 'failed' : 'completed';
          if (ending !== wanted) throw new RoundFault('fault', `it ended ${ending}, not ${wanted}`);
          return { endings: [ending], hits: 1 };
        },
      };
    }),
  );
