import type { Prisma } from '#generated/prisma/client.ts';
import { runDeployment } from '#lib/deployments/run-deployment.ts';
import { redeploy } from '#lib/integrations/redeploy.ts';
import { syncIntegration } from '#lib/integrations/sync-integration.ts';
import { db } from '#lib/kernel/db.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import { retireDue } from '#lib/rotation/request/request-retirement.ts';
import { Deliverer } from '#lib/webhooks/deliverer.ts';
import { type Abandoned, findJobRotation, isUnderWay } from './subject.ts';
import { until } from './until.ts';

const deliverer = new Deliverer('wrk_torture');

/** Takes over from a dead worker in this process, which spares the start of another one. */
export async function recoverHere(all: Abandoned[]): Promise<void> {
  await Promise.all(
    all.map(async (rotation) => {
      const { subject } = rotation;
      const { id } = await findJobRotation(rotation);
      await until('the rotation to be taken over', async () => {
        await advanceRotation(id, 'wrk_torture');
        return !(await isUnderWay(rotation));
      });
      await until('the syncs to be taken over', async () => {
        const live = await db.sync.findMany({ where: { finishedAt: null, integration: { projectId: subject.projectId } } });
        await Promise.all(live.map((sync) => syncIntegration(sync.id, 'wrk_torture')));
        return live.length === 0;
      });
      await until('the deployment to be taken over', async () => {
        const live = { state: { in: ['pending', 'deploying'] }, environment: { projectId: subject.projectId } } satisfies Prisma.DeploymentWhereInput;
        for (const { id: deploymentId } of await db.deployment.findMany({ where: live })) await runDeployment(deploymentId, 'wrk_torture');
        return (await db.deployment.count({ where: live })) === 0;
      });
      const { databaseId } = await db.project.findUniqueOrThrow({ where: { id: subject.projectId } });
      await retireDue(databaseId);
      await until('the end of old passwords to be taken over', async () => {
        const live = await db.rotation.findMany({ where: { databaseId, finishedAt: null } });
        for (const one of live) await advanceRotation(one.id, 'wrk_torture');
        return live.length === 0;
      });
      await until('the redeployments to be taken over', async () => {
        const asked = await db.redeployment.findMany({ where: { finishedAt: null, integration: { projectId: subject.projectId } } });
        await Promise.all(asked.map((one) => redeploy(one.id, 'wrk_torture')));
        return asked.length === 0;
      });
    }),
  );
  await until('what is to be told to be told', async () => {
    deliverer.wake();
    return (await db.delivery.count({ where: { state: 'pending' } })) === 0;
  });
}
