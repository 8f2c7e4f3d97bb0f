import { db } from '#lib/kernel/db.ts';
import { FAILPOINTS } from '#lib/kernel/failpoint.ts';
import { RoundFault, settle, settleAll } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario, Series } from '#scripts/torture/play.ts';
import type { Random } from '#scripts/torture/random.ts';
import { type Asked, ask, askAll, BOTH, makeBoth, makeSubject } from '#scripts/torture/subject.ts';
import type { WorkerProcess } from '#scripts/torture/worker-process.ts';

const LEASE_MS = 300;
/** In the order of a rotation. After the last one nothing is left that could be stale. */
const POINTS = FAILPOINTS.filter((name) => !name.startsWith('undo.') && name !== 'complete.committed');

/** Two points where workers stand still, one after the other. */
function pickTwo(random: Random): [string, string] {
  const first = Math.floor(random.next() * (POINTS.length - 1));
  return [POINTS[first] ?? '', random.pick(POINTS.slice(first + 1))];
}

/** All that the store holds of a rotation. Whether the policy of a new login has been planned yet is no part of it: any worker may do that. */
async function snapshot({ jobId }: Asked): Promise<unknown> {
  const all = await db.rotation.findUniqueOrThrow({
    where: { jobId },
    include: { job: true, steps: true, database: { omit: { planAt: true }, include: { credentials: { orderBy: { id: 'asc' } } } } },
  });
  return JSON.parse(JSON.stringify(all, (_key, value) => (typeof value === 'bigint' ? String(value) : value)));
}

/** The columns that differ, by their path. No values: some are sealed passwords. */
function listChanges(before: unknown, after: unknown, path = ''): string[] {
  if (typeof before !== 'object' || typeof after !== 'object' || !before || !after) return before === after ? [] : [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => listChanges(before[key as never], after[key as never], path ? `${path}.${key}` : key));
}

/** Wakes a worker, lets it end what it had begun, and looks whether it wrote anything. */
async function wake(sleeper: WorkerProcess, all: Asked[]): Promise<void> {
  const before = await Promise.all(all.map(snapshot));
  sleeper.goOn();
  await sleeper.drain();
  const after = await Promise.all(all.map(snapshot));
  const written = before.flatMap((one, index) => listChanges(one, after[index]));
  if (written.length > 0) throw new RoundFault('fault', `the worker that woke up wrote ${written.join(', ')}`);
}

/** A worker stands still past its lease and another one takes over. When the first wakes up it must write nothing. */
export const stoppedWorker: Scenario = (rig) => {
  const findTarget = () => rig.target({ pooler: 'auth_query' });
  const startSleeper = (point: string) => rig.yard.start({ REKEY_LEASE_MS: String(LEASE_MS), REKEY_FAILPOINTS: `${point}=stop` });
  const both = makeBoth(findTarget);
  const afterwards: Series = {
    name: 'a worker wakes up after another one has finished',
    play: async (random) => {
      const sleeper = await startSleeper(random.pick(POINTS));
      const asked = await askAll(await both());
      await sleeper.stopped();
      const other = await rig.yard.start();
      const endings = await settleAll(asked);
      await other.kill();
      await wake(sleeper, asked);
      await settleAll(asked);
      return { endings, hits: 1 };
    },
  };
  const meanwhile = BOTH.map((by): Series => {
    const subject = lazy(async () => makeSubject(await findTarget(), by));
    return {
      name: `a worker wakes up while another one is at it, changed by the ${by}`,
      play: async (random) => {
        const [first, second] = pickTwo(random);
        const sleeper = await startSleeper(first);
        const asked = await ask(await subject());
        await sleeper.stopped();
        const other = await rig.yard.start({ REKEY_FAILPOINTS: `${second}=stop` });
        await other.stopped();
        await wake(sleeper, [asked]);
        other.goOn();
        return { endings: [await settle(asked)], hits: 1 };
      },
    };
  });
  return [afterwards, ...meanwhile];
};
