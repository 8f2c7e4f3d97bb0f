import { db } from '#lib/db.ts';
import { FAILPOINTS } from '#lib/failpoint.ts';
import { RoundFault, settle } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { type Asked, ask, BOTH, makeSubject } from '#scripts/torture/subject.ts';

const LEASE = { REKEY_LEASE_MS: '800' };
/** After the last one nothing is left that could be stale. */
const POINTS = FAILPOINTS.filter((name) => !name.startsWith('undo.') && name !== 'complete.committed');

/** All that the store holds of a rotation. */
async function snapshot({ jobId }: Asked): Promise<string> {
  const all = await db.rotation.findUniqueOrThrow({
    where: { jobId },
    include: { job: true, steps: true, database: { include: { credentials: { orderBy: { id: 'asc' } } } } },
  });
  return JSON.stringify(all, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}

/** A worker stands still past its lease, another one finishes, and the first wakes up: it must write nothing. */
export const stoppedWorker: Scenario = (rig) =>
  BOTH.map((by) => {
    const subject = lazy(async () => makeSubject(await rig.target({ pooler: 'auth_query' }), by));
    return {
      name: `a worker stopped past its lease wakes up, changed by the ${by}`,
      play: async (random) => {
        const sleeper = await rig.yard.start({ ...LEASE, REKEY_FAILPOINTS: `${random.pick(POINTS)}=stop` });
        const asked = await ask(await subject());
        await sleeper.stopped();
        const other = await rig.yard.start(LEASE);
        const ending = await settle(asked);
        await other.kill();
        const before = await snapshot(asked);
        sleeper.goOn();
        // It ends what it has begun before it goes.
        await sleeper.drain();
        if ((await snapshot(asked)) !== before) throw new RoundFault('fault', 'the worker that woke up wrote something');
        await settle(asked);
        return { endings: [ending], hits: 1 };
      },
    };
  });
