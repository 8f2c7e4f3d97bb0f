import { recordAudit } from '#lib/audit/record-audit.ts';
import type { CreatePolicyBody, PolicyWire } from '#lib/contract/policy.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, isUniqueViolation } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { checkRecipients } from './check-recipients.ts';
import { checkRule } from './check-rule.ts';
import { getPolicy, policyColumns, policyFacts, policyNameTaken, ruleOf, takeDefault } from './policies.ts';
import { planNow, replanAll } from './replan.ts';

/**
 * Adds a policy. Nothing rotates now: the logins it applies to are planned.
 * @throws {DomainError} validation_failed naming the field
 */
export async function createPolicy(context: Context, body: CreatePolicyBody): Promise<PolicyWire> {
  const { organizationId } = context;
  checkRule(ruleOf(body));
  const data = { id: newId('pol'), organizationId, ...policyColumns(body), name: body.name, timeZone: body.time_zone };
  try {
    await db.$transaction(async (tx) => {
      await checkRecipients(tx, organizationId, body.notify);
      if (body.is_default) await takeDefault(tx, organizationId);
      const policy = await tx.policy.create({ data });
      if (body.is_default || body.tag_rule) await replanAll(tx, organizationId);
      await recordAudit(tx, context, { action: 'policy.created', metadata: policyFacts(policy) });
    });
  } catch (error) {
    throw isUniqueViolation(error) ? policyNameTaken() : error;
  }
  await planNow(organizationId);
  return getPolicy(context, data.id);
}
