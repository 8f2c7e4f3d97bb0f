import { db } from '#lib/kernel/db.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';

/** Days before a password reaches its maximum age. */
const AHEAD_DAYS = 7;
/** Logins reported in one transaction. */
const AT_ONCE = 100;

interface Soon {
  organizationId: string;
  projectId: string | null;
  roleName: string;
  policyId: string;
  policyName: string;
  dueAt: Date;
}

/** Reports up to a hundred logins, each once for its present password. Returns how many. */
async function reportSome(): Promise<number> {
  const told: Message<'webhook.deliver'>[] = [];
  const count = await db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<Soon[]>`
      UPDATE databases SET overdue_told_for = databases.due_at
      FROM (SELECT d.id, p.id AS policy_id, p.name FROM databases d JOIN policies p ON p.id = d.policy_id
        WHERE d.due_at > now() AND d.due_at <= now() + make_interval(days => ${AHEAD_DAYS}) AND d.overdue_told_for IS DISTINCT FROM d.due_at
          AND d.plan_at IS NULL AND d.policy_job_id IS NULL AND (d.next_run_at IS NULL OR d.next_run_at > d.due_at)
        ORDER BY d.due_at LIMIT ${AT_ONCE} FOR UPDATE OF d SKIP LOCKED) AS soon
      WHERE databases.id = soon.id
      RETURNING databases.organization_id AS "organizationId", databases.role_name AS "roleName", databases.due_at AS "dueAt", soon.policy_id AS "policyId",
        soon.name AS "policyName", (SELECT p.id FROM projects p WHERE p.database_id = databases.id ORDER BY p.created_at, p.id LIMIT 1) AS "projectId"`;
    for (const { organizationId, projectId, roleName, policyId, policyName, dueAt } of rows) {
      const data = { policy_id: policyId, name: policyName, role_name: roleName, due_at: dueAt.toISOString() };
      told.push(...(await recordEvent(tx, { organizationId, projectId, type: 'policy.overdue_soon', data })));
    }
    return rows.length;
  });
  await wakeDeliveries(told);
  return count;
}

/**
 * Reports logins whose password reaches its maximum age within a week although no run is planned before: the policy is
 * paused, its windows come too late, or rotations failed. By compare-and-set, once for each password.
 */
export async function reportOverdueSoon(): Promise<void> {
  while ((await reportSome()) === AT_ONCE);
}
