import { db } from '#lib/kernel/db.ts';

export interface PolicyStats {
  logins: number;
  overdue: number;
  nextRunAt: Date | null;
  lastRun: { startedAt: Date; endedAt: Date | null; total: number; completed: number; failed: number } | null;
}

type Row = Omit<PolicyStats, 'lastRun'> & { id: string; startedAt: Date | null; endedAt: Date | null; total: number; completed: number; failed: number };

/** What the policies apply to and how their last rotations ended: those of the day before the latest one. By policy. */
export async function readPolicyStats(policyIds: string[]): Promise<Map<string, PolicyStats>> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT p.id, l.logins, l.overdue, l.next_run_at AS "nextRunAt", r.started_at AS "startedAt", r.ended_at AS "endedAt", r.total, r.completed, r.failed
    FROM policies p
    LEFT JOIN LATERAL (
      SELECT count(*)::int AS logins, (count(*) FILTER (WHERE d.due_at < now()))::int AS overdue, min(d.next_run_at) AS next_run_at
      FROM databases d WHERE d.policy_id = p.id) l ON true
    LEFT JOIN LATERAL (
      SELECT min(r.created_at) AS started_at, CASE WHEN bool_and(r.finished_at IS NOT NULL) THEN max(r.finished_at) END AS ended_at, count(*)::int AS total,
        (count(*) FILTER (WHERE r.state = 'completed'))::int AS completed, (count(*) FILTER (WHERE r.state = 'failed'))::int AS failed
      FROM rotations r WHERE r.policy_id = p.id
        AND r.created_at > (SELECT max(x.created_at) FROM rotations x WHERE x.policy_id = p.id) - interval '1 day') r ON true
    WHERE p.id = ANY(${policyIds})`;
  return new Map(
    rows.map(({ id, logins, overdue, nextRunAt, startedAt, ...run }) => [id, { logins, overdue, nextRunAt, lastRun: startedAt && { startedAt, ...run } }]),
  );
}
