import { recordAudit } from '#lib/audit/record-audit.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';

interface MissedRow {
  opensAt: Date;
  closesAt: Date;
}

/** The windows, each with how many logins did not start in it. */
function countByWindow(rows: MissedRow[]): (MissedRow & { logins: number })[] {
  const windows = new Map<number, MissedRow & { logins: number }>();
  for (const row of rows) {
    const known = windows.get(row.closesAt.getTime());
    if (known) known.logins += 1;
    else windows.set(row.closesAt.getTime(), { ...row, logins: 1 });
  }
  return [...windows.values()].sort((a, b) => a.closesAt.getTime() - b.closesAt.getTime());
}

/**
 * Records that logins of a policy did not start before their window closed, once for each window, and moves them to the
 * next one; or, where the policy runs when a worker is back, to now. One statement takes them, so no other worker records
 * the same.
 */
export async function recordMissed(policyId: string): Promise<void> {
  const told: Message<'webhook.deliver'>[] = [];
  await db.$transaction(async (tx) => {
    const policy = await tx.policy.findUnique({ where: { id: policyId } });
    if (!policy) return;
    const { organizationId, name, runWhenBack } = policy;
    const rows = await tx.$queryRaw<MissedRow[]>`
      UPDATE databases SET missed_at = run_closes_at, plan_after = run_closes_at, run_closes_at = NULL,
        next_run_at = CASE WHEN ${runWhenBack} THEN now() END, plan_at = CASE WHEN ${runWhenBack} THEN plan_at ELSE now() END
      FROM (SELECT id, run_opens_at AS opens_at, run_closes_at AS closes_at FROM databases
        WHERE policy_id = ${policyId} AND next_run_at <= now() AND run_closes_at <= now() AND policy_job_id IS NULL FOR UPDATE SKIP LOCKED) AS missed
      WHERE databases.id = missed.id RETURNING missed.opens_at AS "opensAt", missed.closes_at AS "closesAt"`;
    for (const { opensAt, closesAt, logins } of countByWindow(rows)) {
      const facts = { policy_id: policyId, name, opens_at: opensAt.toISOString(), closes_at: closesAt.toISOString(), logins, runs_now: runWhenBack };
      await recordAudit(tx, systemContext(organizationId), { action: 'policy.missed', target: { type: 'policy', id: policyId, name }, metadata: facts });
      told.push(...(await recordEvent(tx, { organizationId, projectId: null, type: 'policy.missed', data: facts })));
      await tx.$executeRaw`
        UPDATE policies SET missed_logins = CASE WHEN missed_at = ${closesAt}::timestamptz THEN missed_logins ELSE 0 END + ${logins}, missed_at = ${closesAt}::timestamptz
        WHERE id = ${policyId} AND (missed_at IS NULL OR missed_at <= ${closesAt}::timestamptz)`;
    }
    await failpoint('policy.missed');
  });
  await wakeDeliveries(told);
}
