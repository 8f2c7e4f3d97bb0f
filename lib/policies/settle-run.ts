import { recordAudit } from '#lib/audit/record-audit.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';

/** Failures in a row after which a login is tried only once per window, and people are notified. */
const PATIENCE = 2;
/** The wait before a run that failed is tried again in the same window, in minutes. */
const RETRY_MINUTES = 5;

interface Ended {
  organizationId: string;
  projectId: string;
  roleName: string;
  /** Rotations that failed in a row, this one included. */
  failures: number;
  errorCode: string | null;
  policyId: string;
  /** Null where the policy has been deleted. */
  policyName: string | null;
}

/**
 * Takes note of how a run ended. After a first failure a login is tried again in the same window, if there is time; after
 * a second one in the next window, or the next day where there is none: never in a loop.
 */
export async function settleRun(databaseId: string): Promise<void> {
  let told: Message<'webhook.deliver'>[] = [];
  await db.$transaction(async (tx) => {
    const completed = await tx.$executeRaw`
      UPDATE databases d SET policy_job_id = NULL, policy_failures = 0 FROM jobs j WHERE d.id = ${databaseId} AND j.id = d.policy_job_id AND j.state = 'completed'`;
    if (completed === 1) return;
    const [ended] = await tx.$queryRaw<Ended[]>`
      UPDATE databases d SET policy_job_id = NULL, policy_failures = d.policy_failures + 1, plan_at = now(),
        plan_after = CASE WHEN d.policy_failures + 1 < ${PATIENCE} THEN now() + make_interval(mins => ${RETRY_MINUTES})
          ELSE coalesce(d.run_closes_at, now() + interval '1 day') END
      FROM jobs j JOIN rotations r ON r.job_id = j.id LEFT JOIN policies p ON p.id = r.policy_id
      WHERE d.id = ${databaseId} AND j.id = d.policy_job_id AND j.state = 'failed'
      RETURNING d.organization_id AS "organizationId", j.project_id AS "projectId", d.role_name AS "roleName", d.policy_failures AS failures,
        j.error_code AS "errorCode", r.policy_id AS "policyId", p.name AS "policyName"`;
    if (!ended) return;
    const { organizationId, policyId, policyName, roleName, failures, errorCode, projectId } = ended;
    if (failures < PATIENCE) return;
    const facts = { policy_id: policyId, name: policyName, role_name: roleName, failures, error_code: errorCode };
    await recordAudit(tx, systemContext(organizationId), {
      action: 'policy.backed_off',
      projectId,
      target: { type: 'policy', id: policyId, ...(policyName && { name: policyName }) },
      metadata: facts,
    });
    told = await recordEvent(tx, { organizationId, projectId, type: 'policy.backed_off', data: facts });
    await failpoint('policy.settled');
  });
  await wakeDeliveries(told);
}
