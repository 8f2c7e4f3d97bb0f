import { requireWholeLogin } from '#lib/access/require-whole-login.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ProjectPolicyAnswer, SetProjectPolicyBody } from '#lib/contract/policy.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';
import { loadProject } from '#lib/logins/load-project.ts';
import { nextRuns, UPCOMING } from './next-runs.ts';
import { toRule } from './policies.ts';
import { planNow } from './replan.ts';
import { projectPolicyToWire, runsToWire } from './to-wire.ts';

/** The policy that applies to a project, with its next runs. Throws not_found. */
export async function getProjectPolicy(context: Context, projectId: string): Promise<ProjectPolicyAnswer> {
  const project = await db.project.findFirst({
    where: { AND: [visibleProjects(context), { id: projectId }] },
    include: { database: { include: { policy: true } }, tags: { where: { key: 'pair' } } },
  });
  if (!project) throw notFound('project');
  const { database, tags } = project;
  const pair = await db.project.findMany({
    where: { ...visibleProjects(context), databaseId: { not: database.id }, tags: { some: { key: 'pair', value: { in: tags.map(({ value }) => value) } } } },
    select: { id: true, name: true },
    orderBy: { name: 'asc' },
    take: 20,
  });
  const { policy } = database;
  const policyWire = projectPolicyToWire(database);
  if (!policy || policy.pausedAt) return { policy: policyWire, runs: [], pair };
  const since = database.rotatedAt ?? database.createdAt;
  const from = database.nextRunAt && database.runOpensAt ? database.runOpensAt : storeTime();
  return { policy: policyWire, runs: runsToWire(nextRuns(toRule(policy), from, UPCOMING, { since, seed: database.id }), since), pair };
}

/**
 * Sets the policy of a login, inside a transaction; its next run is planned anew by the sweep.
 * @throws {DomainError} validation_failed for `policy_id`
 */
export async function choosePolicy(
  tx: Tx,
  context: Context,
  { projectId, databaseId, roleName }: { projectId: string; databaseId: string; roleName: string },
  policyId: string | null,
): Promise<void> {
  const { organizationId } = context;
  const policy = policyId === null ? null : await tx.policy.findFirst({ where: { id: policyId, organizationId }, select: { id: true, name: true } });
  if (policyId !== null && !policy) throw invalidField('policy_id', 'There is no such policy. Nothing was changed.');
  const changed = await tx.$executeRaw`
    UPDATE databases SET chosen_policy_id = ${policyId}, plan_at = statement_timestamp(), plan_after = NULL, next_run_at = NULL, policy_failures = 0
    WHERE id = ${databaseId} AND chosen_policy_id IS DISTINCT FROM ${policyId}`;
  if (changed === 0) return;
  await recordAudit(tx, context, {
    action: 'project.policy_assigned',
    projectId,
    metadata: { role_name: roleName, policy_id: policyId, name: policy?.name ?? null },
  });
}

/**
 * Sets the policy of a project's login, or leaves it to tag rules and the organization's default. Nothing rotates now.
 * @throws {DomainError} not_found, forbidden where projects out of reach use the login, validation_failed for `policy_id`
 */
export async function setProjectPolicy(context: Context, projectId: string, { policy_id: policyId }: SetProjectPolicyBody): Promise<ProjectPolicyAnswer> {
  const { organizationId } = context;
  await db.$transaction(async (tx) => {
    const { database } = await loadProject(context, projectId, tx);
    await requireWholeLogin(tx, context, database.id);
    await choosePolicy(tx, context, { projectId, databaseId: database.id, roleName: database.roleName }, policyId);
  });
  await planNow(organizationId);
  return getProjectPolicy(context, projectId);
}
