import { setTimeout as delay } from 'node:timers/promises';
import { db } from '#lib/kernel/db.ts';
import { FAILPOINTS } from '#lib/kernel/failpoint.ts';
import { settleAll } from '#scripts/torture/check.ts';
import type { Scenario, Series } from '#scripts/torture/play.ts';
import type { Rig } from '#scripts/torture/rig.ts';
import { askAll, countUnderWay, makeBoth } from '#scripts/torture/subject.ts';
import { until } from '#scripts/torture/until.ts';

const POINTS = FAILPOINTS.filter((name) => !name.startsWith('undo.'));

/** A server that is ended as in a crash and started again. */
interface Crashing {
  crash: () => Promise<void>;
  start: () => Promise<void>;
}

/** Its pooler forgets a failed login after a second, so that rounds are short. */
const targetOf = (rig: Rig) => rig.target({ pooler: 'auth_query', poolerSettings: { settings: { server_login_retry: '1' } } });

function seriesOf(rig: Rig, what: string, serverOf: () => Promise<Crashing>): Series[] {
  const subjects = makeBoth(() => targetOf(rig));
  return [
    {
      name: `${what} crashes at a failpoint`,
      play: async (random) => {
        const server = await serverOf();
        const worker = await rig.yard.start({ REKEY_FAILPOINTS: `${random.pick(POINTS)}=stop` });
        const asked = await askAll(await subjects());
        await worker.stopped();
        const hits = await countUnderWay(asked);
        await server.crash();
        // The worker meets a server that is back, starts, is unreachable, or is unreachable for longer than it retries.
        const awayMs = random.pick([0, 50, 300, 1_500]);
        if (awayMs > 0) {
          worker.goOn();
          await delay(awayMs);
        }
        // At times the worker is gone as well.
        if (random.next() < 0.3) await Promise.all([worker.kill(), server.start()]).then(() => rig.yard.start());
        else await server.start();
        worker.goOn();
        return { endings: await settleAll(asked), hits };
      },
    },
    {
      name: `${what} crashes at any moment`,
      keepsWorker: true,
      play: async (random) => {
        const server = await serverOf();
        await rig.yard.keep(2);
        const asked = await askAll(await subjects());
        await delay(random.between(0, 150));
        const hits = await countUnderWay(asked);
        await server.crash();
        await delay(random.between(0, 200));
        await server.start();
        return { endings: await settleAll(asked), hits };
      },
    },
  ];
}

/** The target is restarted as in a crash. */
export const targetCrashes: Scenario = (rig) =>
  seriesOf(rig, 'target', async () => {
    const target = await targetOf(rig);
    return { crash: () => target.down('crash'), start: target.start };
  });

/** The store is restarted as in a crash. */
export const storeCrashes: Scenario = (rig) => {
  const { crash } = rig.control;
  const start = async () => {
    await rig.control.start();
    // This process has connections of before the crash.
    await until('the store to answer', async () => (await db.$queryRaw`SELECT`) !== undefined);
  };
  return seriesOf(rig, 'store', async () => ({ crash, start }));
};
