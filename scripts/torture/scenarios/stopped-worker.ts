import { db } from '#lib/db.ts';
import { FAILPOINTS } from '#lib/failpoint.ts';
import { RoundFault, settle } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import type { Random } from '#scripts/torture/random.ts';
import { type Asked, ask, BOTH, makeSubject } from '#scripts/torture/subject.ts';
import type { WorkerProcess } from '#scripts/torture/worker-process.ts';

const LEASE_MS = 800;
/** In the order of a rotation. After the last one nothing is left that could be stale. */
const POINTS = FAILPOINTS.filter((name) => !name.startsWith('undo.') && name !== 'complete.committed');

/** Two points where workers stand still, one after the other. */
function pickTwo(random: Random): [string, string] {
  const first = Math.floor(random.next() * (POINTS.length - 1));
  return [POINTS[first] ?? '', random.pick(POINTS.slice(first + 1))];
}

/** All that the store holds of a rotation. */
async function snapshot({ jobId }: Asked): Promise<string> {
  const all = await db.rotation.findUniqueOrThrow({
    where: { jobId },
    include: { job: true, steps: true, database: { include: { credentials: { orderBy: { id: 'asc' } } } } },
  });
  return JSON.stringify(all, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}

/** Wakes a worker, lets it end what it had begun, and looks whether it wrote anything. */
async function wake(sleeper: WorkerProcess, asked: Asked): Promise<void> {
  const before = await snapshot(asked);
  sleeper.goOn();
  await sleeper.drain();
  if ((await snapshot(asked)) !== before) throw new RoundFault('fault', 'the worker that woke up wrote something');
}

/** A worker stands still past its lease and another one takes over. When the first wakes up it must write nothing. */
export const stoppedWorker: Scenario = (rig) =>
  BOTH.flatMap((by) => {
    const subject = lazy(async () => makeSubject(await rig.target({ pooler: 'auth_query' }), by));
    const startStopping = (point: string) => rig.yard.start({ REKEY_LEASE_MS: String(LEASE_MS), REKEY_FAILPOINTS: `${point}=stop` });
    return [
      {
        name: `a worker wakes up after another one has finished, changed by the ${by}`,
        play: async (random) => {
          const sleeper = await startStopping(random.pick(POINTS));
          const asked = await ask(await subject());
          await sleeper.stopped();
          const other = await rig.yard.start();
          const ending = await settle(asked);
          await other.kill();
          await wake(sleeper, asked);
          await settle(asked);
          return { endings: [ending], hits: 1 };
        },
      },
      {
        name: `a worker wakes up while another one is at it, changed by the ${by}`,
        play: async (random) => {
          const [first, second] = pickTwo(random);
          const sleeper = await startStopping(first);
          const asked = await ask(await subject());
          await sleeper.stopped();
          const other = await startStopping(second);
          await other.stopped();
          await wake(sleeper, asked);
          other.goOn();
          return { endings: [await settle(asked)], hits: 1 };
        },
      },
    ];
  });
