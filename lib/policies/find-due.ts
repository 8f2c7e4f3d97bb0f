import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { isSharedClaimable } from '#lib/queue/claim.ts';

/** At most so many runs are begun in one sweep. */
const AT_ONCE = 100;
/** Rotations of one server that policies have in progress: the rest of a fleet waits, as a request would run out of time before its turn. */
const PER_SERVER = 16;

interface DueRow {
  what: 'plan' | 'missed' | 'run' | 'ended';
  /** Of the login; of the policy for `missed`. */
  id: string;
}

export interface DuePolicyWork {
  /** Whether there are logins whose next run is to be planned. */
  hasPlans: boolean;
  /** Policies with logins that did not start before their window closed. */
  missed: string[];
  /** Logins whose run is due. */
  runs: string[];
  /** Logins whose run has ended. */
  ended: string[];
}

/** What policies have pending, in one statement. */
export async function findDuePolicyWork(workerId: string, inHand: string[]): Promise<DuePolicyWork> {
  const rows = await db.$queryRaw<DueRow[]>`
    (SELECT 'plan' AS what, id FROM databases WHERE plan_at <= now() LIMIT 1)
    UNION ALL (SELECT DISTINCT 'missed', policy_id FROM databases WHERE next_run_at <= now() AND run_closes_at <= now() AND policy_job_id IS NULL)
    UNION ALL (SELECT 'run', id FROM (
      SELECT d.id, d.next_run_at, coalesce(busy.count, 0) + row_number() OVER (PARTITION BY d.server_id ORDER BY d.next_run_at) AS place
      FROM databases d LEFT JOIN (
        SELECT server_id, count(*) FROM databases WHERE policy_job_id IS NOT NULL AND state = 'rotating_credentials' GROUP BY server_id) busy ON busy.server_id = d.server_id
      WHERE d.next_run_at <= now() AND (d.run_closes_at IS NULL OR d.run_closes_at > now()) AND d.policy_job_id IS NULL AND d.id <> ALL(${inHand})
        AND ${isSharedClaimable('policy.run', Prisma.sql`d.id`, workerId)}) due
      WHERE place <= ${PER_SERVER} ORDER BY next_run_at LIMIT ${AT_ONCE})
    UNION ALL (SELECT 'ended', d.id FROM databases d JOIN jobs j ON j.id = d.policy_job_id
      WHERE d.policy_job_id IS NOT NULL AND j.state IN ('completed', 'failed') LIMIT ${AT_ONCE})`;
  const of = (what: DueRow['what']) => rows.filter((row) => row.what === what).map(({ id }) => id);
  return { hasPlans: of('plan').length > 0, missed: of('missed'), runs: of('run'), ended: of('ended') };
}
