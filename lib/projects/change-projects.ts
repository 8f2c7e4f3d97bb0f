import { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ChangeProjectsBody } from '#lib/contract/project-list.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { planNow } from '#lib/policies/replan.ts';
import { selectProjects } from './select-projects.ts';

const MOST_TAGS = 50;

/**
 * Sets the policy or adds tags of all selected projects, or of none. Nothing rotates now. Returns how many projects were
 * selected, and how many of them changed.
 * @throws {DomainError} validation_failed naming the field
 */
export async function changeProjects(
  context: Context,
  { project_ids, filter, policy_id: policyId, tags }: ChangeProjectsBody,
): Promise<{ projects: number; changed: number }> {
  if (policyId === undefined && Object.keys(tags ?? {}).length === 0) throw invalidField('policy_id', 'Send policy_id, tags or both. Nothing was changed.');
  const ids = await selectProjects(context, { project_ids, filter });
  const changed = await db.$transaction(async (tx) => {
    const assigned = policyId === undefined ? [] : await assignPolicy(tx, context, ids, policyId);
    const tagged = tags === undefined ? [] : await addTags(tx, context, ids, tags);
    return new Set([...assigned, ...tagged]).size;
  });
  if (changed > 0) await planNow(context.organizationId);
  return { projects: ids.length, changed };
}

/** The projects whose login had another policy until now. */
async function assignPolicy(tx: Tx, context: Context, ids: string[], policyId: string | null): Promise<string[]> {
  const policy =
    policyId === null ? null : await tx.policy.findFirst({ where: { id: policyId, organizationId: context.organizationId }, select: { name: true } });
  if (policyId !== null && !policy) throw invalidField('policy_id', 'There is no such policy. Nothing was changed.');
  const rows = await tx.$queryRaw<{ id: string; roleName: string }[]>`
    WITH changed AS (
      UPDATE databases SET chosen_policy_id = ${policyId}, plan_at = statement_timestamp(), plan_after = NULL, next_run_at = NULL, policy_failures = 0
      WHERE id IN (SELECT database_id FROM projects WHERE id = ANY(${ids})) AND chosen_policy_id IS DISTINCT FROM ${policyId} RETURNING id, role_name)
    SELECT p.id, changed.role_name AS "roleName" FROM projects p JOIN changed ON changed.id = p.database_id WHERE p.id = ANY(${ids})`;
  for (const { id, roleName } of rows)
    await recordAudit(tx, context, {
      action: 'project.policy_assigned',
      projectId: id,
      metadata: { role_name: roleName, policy_id: policyId, name: policy?.name ?? null },
    });
  return rows.map(({ id }) => id);
}

/** The projects that had none of these tags, or another value, until now. Their other tags stay. */
async function addTags(tx: Tx, context: Context, ids: string[], tags: Record<string, string>): Promise<string[]> {
  const [keys, values] = [Object.keys(tags), Object.values(tags)];
  const rows = await tx.$queryRaw<{ id: string }[]>(Prisma.sql`
    WITH added AS (
      INSERT INTO project_tags (organization_id, project_id, key, value)
      SELECT ${context.organizationId}, id, key, value FROM unnest(${ids}::text[]) AS id, unnest(${keys}::text[], ${values}::text[]) AS tag(key, value)
      ON CONFLICT (project_id, key) DO UPDATE SET value = EXCLUDED.value WHERE project_tags.value <> EXCLUDED.value
      RETURNING project_id)
    SELECT DISTINCT project_id AS id FROM added`);
  const changed = rows.map(({ id }) => id);
  const full = await tx.projectTag.groupBy({ by: ['projectId'], where: { projectId: { in: changed } }, having: { projectId: { _count: { gt: MOST_TAGS } } } });
  if (full.length > 0) throw invalidField('tags', `A project would have more than ${MOST_TAGS} tags. Nothing was changed.`);
  await tx.$executeRaw`
    UPDATE databases SET plan_at = statement_timestamp(), next_run_at = NULL WHERE id IN (SELECT database_id FROM projects WHERE id = ANY(${changed}))`;
  for (const id of changed) await recordAudit(tx, context, { action: 'project.updated', projectId: id, metadata: { fields: ['tags'] } });
  return changed;
}
