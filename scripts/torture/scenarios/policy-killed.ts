import { createPolicyBody } from '#lib/contract/policy.ts';
import { db } from '#lib/kernel/db.ts';
import { POLICY_FAILPOINTS } from '#lib/kernel/failpoint.ts';
import { createPolicy } from '#lib/policies/create-policy.ts';
import { setProjectPolicy } from '#lib/policies/project-policy.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { RoundFault, settle } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Played, Scenario } from '#scripts/torture/play.ts';
import { makeSubject, type Subject, storedCredentials } from '#scripts/torture/subject.ts';
import { until } from '#scripts/torture/until.ts';

interface Planned extends Subject {
  policyId: string;
}

/** A login whose policy has windows all day, so that a round may happen at any hour. */
async function makePlanned(subject: Subject): Promise<Planned> {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const body = createPolicyBody.parse({ name: subject.projectId, max_age_days: 30, windows: [{ days, from: '00:00', to: '24:00' }] });
  const { id } = await createPolicy(subject.context, body);
  await setProjectPolicy(subject.context, subject.projectId, { policy_id: id });
  return { ...subject, policyId: id };
}

const read = ({ databaseId }: Subject) => db.database.findUniqueOrThrow({ where: { id: databaseId } });
const rotationsOf = ({ databaseId }: Subject) => db.rotation.findMany({ where: { databaseId }, orderBy: { createdAt: 'asc' } });
const recorded = ({ context: { organizationId } }: Subject, action: string) => db.auditEvent.count({ where: { organizationId, action } });
const isPlanned = async (subject: Subject): Promise<boolean> => {
  const { planAt, nextRunAt, policyJobId } = await read(subject);
  return planAt === null && policyJobId === null && nextRunAt !== null && nextRunAt > new Date();
};

type Prepare = (subject: Planned) => Promise<() => Promise<Played['endings']>>;

const setRun = ({ databaseId }: Subject, hours: number) => db.$executeRaw`
  UPDATE databases SET next_run_at = now(), run_opens_at = now() - interval '2 h', run_closes_at = date_trunc('second', now() + make_interval(hours => ${hours})) WHERE id = ${databaseId}`;

/** A run that is to be made: exactly one rotation, and it completes. */
const aRun: Prepare = async (subject) => {
  const before = await storedCredentials(subject);
  const earlier = (await rotationsOf(subject)).length;
  await setRun(subject, 1);
  return async () => {
    await until('the next run to be planned', () => isPlanned(subject), { timeoutMs: 40_000 });
    const made = (await rotationsOf(subject)).slice(earlier);
    if (made.length !== 1) throw new RoundFault('fault', `${made.length} rotations were requested`);
    return [await settle({ subject, jobId: made[0]?.jobId ?? '', before })];
  };
};

/** A window that closed while no worker was there: recorded once, and nothing rotates. */
const aMiss: Prepare = async (subject) => {
  const [earlier, rotations] = [await recorded(subject, 'policy.missed'), (await rotationsOf(subject)).length];
  await setRun(subject, -1);
  return async () => {
    await until('the next run to be planned', () => isPlanned(subject), { timeoutMs: 40_000 });
    const count = (await recorded(subject, 'policy.missed')) - earlier;
    if (count !== 1) throw new RoundFault('fault', `the missed window was recorded ${count} times`);
    if ((await rotationsOf(subject)).length !== rotations) throw new RoundFault('fault', 'a missed window was made up for');
    return [];
  };
};

/** The second run in a row that failed: recorded once, and the login waits. */
const aFailure: Prepare = async (subject) => {
  const earlier = await recorded(subject, 'policy.backed_off');
  const { jobId } = await requestRotation(subject.context, subject.projectId, { policyId: subject.policyId });
  await db.$transaction(async (tx) => {
    await tx.rotation.updateMany({ where: { jobId }, data: { state: 'failed', finishedAt: new Date() } });
    await tx.job.update({ where: { id: jobId }, data: { state: 'failed', errorCode: 'server_unreachable' } });
    await tx.database.update({ where: { id: subject.databaseId }, data: { state: 'ready', policyJobId: jobId, policyFailures: 1, nextRunAt: null } });
  });
  return async () => {
    await until('the next run to be planned', () => isPlanned(subject), { timeoutMs: 40_000 });
    const count = (await recorded(subject, 'policy.backed_off')) - earlier;
    if (count !== 1) throw new RoundFault('fault', `it was recorded ${count} times that the login backs off`);
    return ['failed'];
  };
};

/** A plan that is to be made: nothing rotates. */
const aPlan: Prepare = async (subject) => {
  const rotations = (await rotationsOf(subject)).length;
  await db.$executeRaw`UPDATE databases SET plan_at = now(), next_run_at = NULL WHERE id = ${subject.databaseId}`;
  return async () => {
    await until('the next run to be planned', () => isPlanned(subject), { timeoutMs: 40_000 });
    if ((await rotationsOf(subject)).length !== rotations) throw new RoundFault('fault', 'planning rotated');
    return [];
  };
};

const PREPARE: Record<(typeof POLICY_FAILPOINTS)[number], Prepare> = {
  'policy.planned': aPlan,
  'policy.loaded': aRun,
  'policy.requested': aRun,
  'policy.committed': aRun,
  'policy.missed': aMiss,
  'policy.settled': aFailure,
};

/** kill -9 of the worker at each step of a policy's run, and two fresh workers at once. */
export const policyKilled: Scenario = (rig) =>
  POLICY_FAILPOINTS.map((failpoint) => {
    const subjects = lazy(async () => makePlanned(await makeSubject(await rig.target(), 'role')));
    return {
      name: `policy: kill at ${failpoint}`,
      play: async () => {
        const subject = await subjects();
        const finish = await PREPARE[failpoint](subject);
        const doomed = await rig.yard.start({ REKEY_FAILPOINTS: failpoint });
        await until(`the worker to die at ${failpoint}`, () => !doomed.isRunning(), { everyMs: 5 });
        await Promise.all([rig.yard.start(), rig.yard.start()]);
        const endings = await finish();
        return { endings, hits: 1 };
      },
    };
  });
