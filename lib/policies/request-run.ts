import { ENGINES } from '#lib/contract/engines/engines.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { attemptWork, putOffClaim, type SharedClaim, settleClaim } from '#lib/queue/claim.ts';
import { type RotationWish, requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { Planner } from './next-runs.ts';
import { lockPairs, toRule } from './policies.ts';

/** A login that is being rotated or checked, or whose password is in doubt, is tried again after this, until its window closes. */
const TRY_AGAIN_MS = 60_000;

/** The run was taken away, moved or begun since it was read. */
class RunGone extends Error {}

const LOGIN_PARTS = {
  policy: true,
  server: true,
  projects: { orderBy: { createdAt: 'asc' }, include: { siteEnvironment: { select: { id: true } }, tags: { where: { key: 'pair' } } } },
} as const;

const loadLogin = (id: string) => db.database.findUnique({ where: { id }, include: LOGIN_PARTS });
type Login = NonNullable<Awaited<ReturnType<typeof loadLogin>>>;
type Policy = NonNullable<Login['policy']>;

/**
 * Requests the rotation of a login whose run is due, as anybody would. The request and the end of the run are one
 * transaction, so that a run is neither lost nor made twice, by however many workers.
 */
export async function requestRun(databaseId: string, workerId: string): Promise<void> {
  await attemptWork('policy.run', databaseId, workerId, run);
}

async function run(claim: SharedClaim): Promise<void> {
  const login = await loadLogin(claim.id);
  const [project] = login?.projects ?? [];
  await failpoint('policy.loaded');
  if (!login?.policy || !login.nextRunAt || login.policyJobId !== null || !project) return;
  const { policy } = login;
  const [{ now }] = await db.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp() AS now`;
  const isLate = policy.runWhenBack && login.missedAt !== null && login.runClosesAt === null;
  // Blackout dates of a policy without windows, or of one that runs late, may have begun since the run was planned.
  if (!new Planner(toRule(policy), now).mayStart(now, isLate)) return planAgain(claim, login, null);
  try {
    await requestRotation(
      systemContext(login.organizationId, `policy ${policy.name}`),
      project.id,
      wishOf(login, policy, project.siteEnvironment !== null),
      async (tx, jobId) => {
        await settleClaim(tx, claim);
        await refusePair(tx, login);
        await takeRun(tx, login, jobId);
        await failpoint('policy.requested');
      },
    );
    await failpoint('policy.committed');
  } catch (error) {
    if (error instanceof PairBusy) return planAgain(claim, login, error.until);
    if (error instanceof RunGone) return;
    if (!(error instanceof DomainError)) throw error;
    await db.$transaction((tx) => putOffClaim(tx, claim, new Date(now.getTime() + TRY_AGAIN_MS)));
  }
}

function wishOf({ server, runClosesAt, missedAt }: Login, policy: Policy, isEnvironment: boolean): RotationWish {
  const hasOverlap = ENGINES[server.engine].keepsTwoPasswords && server.rotatorName !== null;
  return {
    reason: 'routine',
    note: missedAt ? `Policy ${policy.name}, late: its window was missed.` : `Policy ${policy.name}.`,
    close_sessions: policy.closeSessions,
    policyId: policy.id,
    // What runs in an environment is not to be locked out: its password goes with the next deployment.
    ...(isEnvironment ? { retirement: 'on_deploy' as const } : hasOverlap && policy.graceHours ? { grace_hours: policy.graceHours } : {}),
    // A rotation that a dead worker leaves behind does not begin after the window.
    ...(runClosesAt && { notAfter: runClosesAt }),
  };
}

/** Compare-and-set: the run is this one only while nobody has moved it and its window is open. */
async function takeRun(tx: Tx, { id, policyId, nextRunAt }: Login, jobId: string): Promise<void> {
  const taken = await tx.$executeRaw`
    UPDATE databases SET next_run_at = NULL, policy_job_id = ${jobId}
    WHERE id = ${id} AND policy_id = ${policyId} AND policy_job_id IS NULL AND next_run_at = ${nextRunAt}::timestamptz AND (run_closes_at IS NULL OR run_closes_at > clock_timestamp())`;
  if (taken !== 1) throw new RunGone();
}

/** Another login with the same tag `pair` has been rotated in this window. */
class PairBusy extends Error {
  readonly until: Date;

  constructor(until: Date) {
    super('Another login of the pair has this window.');
    this.until = until;
  }
}

/** Two logins of one application are not rotated in the same window, or the same day where there is none. */
async function refusePair(tx: Tx, { id, organizationId, projects, runOpensAt, runClosesAt }: Login): Promise<void> {
  const pair = projects.flatMap(({ tags }) => tags)[0]?.value;
  if (pair === undefined) return;
  await lockPairs(tx, [{ organizationId, pair }]);
  const [busy] = await tx.$queryRaw<{ until: Date }[]>`
    SELECT coalesce(${runClosesAt}::timestamptz, r.created_at + interval '1 day') AS until
    FROM project_tags g JOIN projects p ON p.id = g.project_id JOIN rotations r ON r.database_id = p.database_id
    WHERE g.organization_id = ${organizationId} AND g.key = 'pair' AND g.value = ${pair} AND p.database_id <> ${id} AND r.kind = 'rotate'
      AND r.created_at >= CASE WHEN ${runClosesAt}::timestamptz IS NULL THEN now() - interval '1 day' ELSE ${runOpensAt}::timestamptz END
    ORDER BY r.created_at DESC LIMIT 1`;
  if (busy) throw new PairBusy(busy.until);
}

/** Moves the run: to a window that opens after `after`, or to the next one that is open. */
async function planAgain(claim: SharedClaim, { id, nextRunAt }: Login, after: Date | null): Promise<void> {
  await db.$transaction(async (tx) => {
    await settleClaim(tx, claim);
    await tx.$executeRaw`
      UPDATE databases SET next_run_at = NULL, plan_at = now(), plan_after = coalesce(${after}::timestamptz, plan_after) WHERE id = ${id} AND next_run_at = ${nextRunAt}::timestamptz`;
  });
}
