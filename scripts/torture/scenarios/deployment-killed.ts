import { requestDeployment } from '#lib/deployments/deployments.ts';
import { db } from '#lib/kernel/db.ts';
import { DEPLOYMENT_FAILPOINTS } from '#lib/kernel/failpoint.ts';
import { newId } from '#lib/kernel/ids.ts';
import { hasDueRetirement } from '#lib/rotation/request/request-retirement.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { RoundFault, waitForEnd } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import { checkEnd, checkHeld, currentOf, type MariadbSubject, makeMariadbSubject } from '#scripts/torture/mariadb-subject.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { until } from '#scripts/torture/until.ts';

interface Subject extends MariadbSubject {
  environmentId: string;
}

/** An environment whose site has nothing to do with it. */
async function addEnvironment(subject: MariadbSubject, site: MariadbSubject): Promise<Subject> {
  const { context, projectId } = subject.adopted;
  const [siteId, environmentId] = [newId('sit'), newId('env')];
  const common = { organizationId: context.organizationId };
  await db.site.create({
    data: { id: siteId, organizationId: site.adopted.context.organizationId, projectId: site.adopted.projectId, partnerCustomerId: 'c' },
  });
  await db.siteEnvironment.create({ data: { id: environmentId, ...common, siteId, projectId, name: 'production' } });
  return { ...subject, environmentId };
}

/** What the last deployment that stands carries; before there is one, the present password. */
async function runningIn({ environmentId, ...subject }: Subject): Promise<number> {
  const where = { environmentId, state: 'deployed' } as const;
  const last = await db.deployment.findFirst({ where, orderBy: { number: 'desc' }, include: { credential: true } });
  return (last?.credential ?? (await currentOf(subject))).version;
}

/** A reset and a deployment at the same instant, and kill -9 of the worker at each step of the deployment. */
export const deploymentKilled: Scenario = (rig) => {
  const target = lazy(async () => {
    const server = await startMariadbTarget();
    rig.stopAtEnd(server);
    return server;
  });
  return DEPLOYMENT_FAILPOINTS.map((failpoint) => {
    const subjects = lazy(async () => {
      const server = await target();
      return addEnvironment(await makeMariadbSubject(server, 'rotator'), await makeMariadbSubject(server, 'role'));
    });
    return {
      name: `MariaDB: reset and deploy at once, kill at ${failpoint}`,
      play: async (random) => {
        const subject = await subjects();
        const { adopted, environmentId } = subject;
        const { context, projectId, databaseId } = adopted;
        const running = await runningIn(subject);
        const doomed = await rig.yard.start({ REKEY_FAILPOINTS: failpoint });
        const deploy = () => requestDeployment(context, { environmentId }, { mark_as_deployed: true });
        const reset = () => requestRotation(context, projectId, { retirement: 'on_deploy' });
        const asked = random.next() < 0.5 ? await Promise.all([reset(), deploy()]) : (await Promise.all([deploy(), reset()])).toReversed();
        const { jobId } = asked[0] as { jobId: string };
        await until(`the worker to die at ${failpoint}`, () => !doomed.isRunning(), { everyMs: 5 });
        await checkHeld(subject, running);
        await rig.takeOver([{ jobId, subject: adopted }]);
        const isQuiet = async () =>
          (await db.rotation.count({ where: { databaseId, finishedAt: null } })) === 0 &&
          (await db.deployment.count({ where: { environmentId, finishedAt: null } })) === 0 &&
          (await db.database.count({ where: { id: databaseId, ...hasDueRetirement() } })) === 0;
        await until('the reset, the deployment and the end of what it left behind', isQuiet, { timeoutMs: 40_000 });
        const ending = await waitForEnd({ jobId });
        // What the deployment carries works, whichever of the two came first.
        await checkEnd(subject, await runningIn(subject));
        if (ending !== 'completed') throw new RoundFault('fault', `the reset ended ${ending}`);
        return { endings: [ending], hits: 1 };
      },
    };
  });
};
