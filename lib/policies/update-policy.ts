import type { Policy } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { PolicyWire, UpdatePolicyBody } from '#lib/contract/policy.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, isUniqueViolation } from '#lib/kernel/db.ts';
import { checkRecipients } from './check-recipients.ts';
import { checkRule } from './check-rule.ts';
import { getPolicy, lockPolicy, policyColumns, policyFacts, policyNameTaken, takeDefault, toRule } from './policies.ts';
import { planNow, replanAll, replanPolicy } from './replan.ts';

/** What decides when logins run, and which logins. */
const MOVES_RUNS = ['max_age_days', 'cron', 'windows', 'time_zone', 'blackouts', 'spread', 'paused'] as const;
const MOVES_LOGINS = ['tag_rule', 'is_default'] as const;

/** The columns of `paused`, where that changes something. */
function pauseColumns({ actor }: Context, before: Policy, paused: boolean | undefined) {
  if (paused === undefined || paused === (before.pausedAt !== null)) return null;
  return paused ? { pausedAt: storeTime(), pausedBy: actor.name } : { pausedAt: null, pausedBy: null };
}

/**
 * Changes what is given. The next runs of its logins are planned anew; once it is paused, none begins.
 * @throws {DomainError} not_found, validation_failed naming the field
 */
export async function updatePolicy(context: Context, id: string, body: UpdatePolicyBody): Promise<PolicyWire> {
  const { organizationId } = context;
  const { paused, ...fields } = body;
  try {
    await db.$transaction(async (tx) => {
      const before = await lockPolicy(tx, context, id);
      await checkRecipients(tx, organizationId, fields.notify ?? []);
      const pause = pauseColumns(context, before, paused);
      if (fields.is_default && !before.isDefault) await takeDefault(tx, organizationId);
      const columns = policyColumns(fields);
      checkRule(toRule({ ...before, ...columns }));
      const after = await tx.policy.update({ where: { id }, data: { ...columns, ...pause } });
      if (MOVES_LOGINS.some((field) => field in fields)) await replanAll(tx, organizationId);
      else if (MOVES_RUNS.some((field) => field in body)) await replanPolicy(tx, organizationId, id);
      if (Object.keys(fields).length > 0)
        await recordAudit(tx, context, { action: 'policy.updated', metadata: { ...policyFacts(after), fields: Object.keys(fields) } });
      if (pause?.pausedAt) await recordAudit(tx, context, { action: 'policy.paused', metadata: policyFacts(after) });
      else if (pause) await recordAudit(tx, context, { action: 'policy.resumed', metadata: policyFacts(after) });
    });
  } catch (error) {
    throw isUniqueViolation(error) ? policyNameTaken() : error;
  }
  await planNow(organizationId);
  return getPolicy(context, id);
}
