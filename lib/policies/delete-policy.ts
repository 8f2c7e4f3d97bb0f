import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { lockPolicy, policyFacts } from './policies.ts';
import { planNow, replanAll } from './replan.ts';

/**
 * Deletes a policy: from then on it rotates nothing. Its logins go over to the policy of a tag rule or the default, if
 * there is one. Rotations in progress go on.
 * @throws {DomainError} not_found
 */
export async function deletePolicy(context: Context, id: string): Promise<void> {
  const { organizationId } = context;
  await db.$transaction(async (tx) => {
    const policy = await lockPolicy(tx, context, id);
    await tx.$executeRaw`UPDATE databases SET chosen_policy_id = NULL WHERE organization_id = ${organizationId} AND chosen_policy_id = ${id}`;
    await tx.$executeRaw`UPDATE databases SET policy_id = NULL, policy_source = NULL, next_run_at = NULL, due_at = NULL WHERE organization_id = ${organizationId} AND policy_id = ${id}`;
    await replanAll(tx, organizationId);
    await tx.policy.delete({ where: { id } });
    await recordAudit(tx, context, { action: 'policy.deleted', metadata: policyFacts(policy) });
  });
  await planNow(organizationId);
}
