import type { Tx } from '#lib/kernel/db.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { planLogins } from './plan-logins.ts';

/** Batches that a request plans itself; the sweep plans the rest. */
const BATCHES = 5;

/**
 * Takes away the runs of a policy's logins, to be planned anew, inside the transaction that changes the policy. Logins
 * whose plan is being made belong to it too: the plan may have read the policy as it was.
 */
export const replanPolicy = (tx: Tx, organizationId: string, policyId: string): Promise<number> => tx.$executeRaw`
  UPDATE databases SET plan_at = statement_timestamp(), next_run_at = NULL WHERE organization_id = ${organizationId} AND (policy_id = ${policyId} OR plan_at IS NOT NULL)`;

/** The same for all logins, where another policy may apply to each. */
export const replanAll = (tx: Tx, organizationId: string): Promise<number> => tx.$executeRaw`
  UPDATE databases SET plan_at = statement_timestamp(), next_run_at = NULL WHERE organization_id = ${organizationId}`;

/** Plans after the commit what a request has changed, as far as that is quick. Never throws: the sweep plans the rest. */
export async function planNow(organizationId: string): Promise<void> {
  try {
    for (let i = 0; i < BATCHES; i++) if ((await planLogins(organizationId)) === 0) return;
  } catch (error) {
    log.warn({ error: describeError(error) }, 'could not plan; the sweep will');
  }
}
