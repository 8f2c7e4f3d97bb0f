import { Prisma } from '#generated/prisma/client.ts';
import { db, planAnew } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { laneOfLogin } from '#lib/logins/target.ts';

/** Logins claimed in one statement. The next batch follows once these are checked. */
export const CHECKS_AT_ONCE = 50;

/** The earliest time for a check, as a share of the check interval. */
const SOONEST = 0.5;

const PROVEN_AT = Prisma.sql`coalesce(c.direct_proven_at, c.created_at)`;

/**
 * The SQL interval from the last proof of credential `c` to its next check. It differs each time, so that thousands of
 * logins added within one hour spread over the whole day within days, and stay spread.
 */
export const CHECK_AFTER = Prisma.sql`make_interval(secs => ${env.REKEY_CHECK_MS / 1000}::float8
  * (${SOONEST}::float8 + ${1 - SOONEST}::float8 * (hashtextextended(c.database_id || extract(epoch FROM ${PROVEN_AT})::text, 0) & 65535) / 65535))`;

/**
 * Claims logins whose password was last proven 12 to 24 hours ago, or was rejected in a job that ended after its last
 * proof, the oldest proof first. No other worker claims them for 15 minutes; then a server that gave no answer is tried
 * again. Logins that are being rotated or checked, or that need attention, are skipped, so that a rejected password is
 * not tried over and over.
 */
export async function claimDueChecks(): Promise<{ id: string; lane: string }[]> {
  const due = await db.$queryRaw<{ id: string; host: string; directPort: number }[]>`${planAnew}
    WITH unproven AS MATERIALIZED (
      SELECT c.database_id, coalesce(c.direct_proven_at, c.created_at) AS proven_at, NULL AS job_id FROM credentials c
      WHERE c.state = 'current' AND coalesce(c.direct_proven_at, c.created_at) <= now() - make_interval(secs => ${(env.REKEY_CHECK_MS * SOONEST) / 1000})
        AND ${PROVEN_AT} <= now() - ${CHECK_AFTER}
      UNION ALL
      SELECT c.database_id, coalesce(c.direct_proven_at, c.created_at), j.id FROM jobs j
      JOIN credentials c ON c.database_id = j.database_id AND c.state = 'current' AND coalesce(c.direct_proven_at, c.created_at) < j.completed_at
      WHERE j.error_code = 'current_password_refused'
      ORDER BY proven_at
    ), taken AS MATERIALIZED (
      SELECT locked.id FROM unproven u CROSS JOIN LATERAL (
        SELECT d.id FROM databases d
        WHERE d.id = u.database_id AND d.state = 'ready' AND d.next_check_at <= now() AND (u.job_id IS NULL OR d.latest_job_id = u.job_id)
          AND NOT EXISTS (SELECT FROM jobs j WHERE j.database_id = d.id AND j.type = 'project.verify_connection' AND j.state IN ('queued', 'running'))
        FOR UPDATE OF d SKIP LOCKED
      ) locked
      LIMIT ${CHECKS_AT_ONCE}
    )
    UPDATE databases d SET next_check_at = now() + interval '15 minutes' WHERE d.id = ANY(ARRAY(SELECT id FROM taken))
    RETURNING d.id, d.host, d.direct_port AS "directPort"`;
  return due.map(({ id, ...login }) => ({ id, lane: laneOfLogin(login) }));
}
