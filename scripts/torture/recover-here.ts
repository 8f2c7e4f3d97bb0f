import { db } from '#lib/db.ts';
import { syncIntegration } from '#lib/integrations/sync-integration.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import { Deliverer } from '#lib/webhooks/deliverer.ts';
import { type Asked, findJobRotation, isUnderWay } from './subject.ts';
import { until } from './until.ts';

const deliverer = new Deliverer('wrk_torture');

/** Takes over from a dead worker in this process, which spares the start of another one. */
export async function recoverHere(all: Asked[]): Promise<void> {
  await Promise.all(
    all.map(async (asked) => {
      const { id } = await findJobRotation(asked);
      await until('the rotation to be taken over', async () => {
        await advanceRotation(id, 'wrk_torture');
        return !(await isUnderWay(asked));
      });
      await until('the syncs to be taken over', async () => {
        const live = await db.sync.findMany({ where: { finishedAt: null, integration: { projectId: asked.subject.projectId } } });
        await Promise.all(live.map((sync) => syncIntegration(sync.id, 'wrk_torture')));
        return live.length === 0;
      });
    }),
  );
  await until('what is to be told to be told', async () => {
    deliverer.wake();
    return (await db.delivery.count({ where: { state: 'pending' } })) === 0;
  });
}
