import { reachableProjects } from '#lib/access/visible-projects.ts';
import type { RotationWeekWire } from '#lib/contract/rotation.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';

const WEEKS = 12;

/** Where so many have ended that the count takes longer than this, it stands for a minute. */
const LONG_MS = 100;
const KEPT_MS = 60_000;
const counted = new Map<string, { at: number; weeks: RotationWeekWire[] }>();

interface Row {
  startsAt: Date;
  completed: number;
  failed: number;
}

/**
 * How many rotations ended in each of the last twelve weeks, the current one last, by the store's clock. A limited
 * actor counts those of the logins that their projects use. A rotation that needs attention has not ended; forgotten
 * ones no longer count.
 */
export async function countWeekly(context: Context): Promise<RotationWeekWire[]> {
  const reachable = reachableProjects(context);
  const key = JSON.stringify([context.organizationId, reachable]);
  const known = counted.get(key);
  if (known && performance.now() - known.at < KEPT_MS) return known.weeks;
  const began = performance.now();
  const weeks = await count(context, reachable);
  counted.delete(key);
  if (performance.now() - began > LONG_MS) counted.set(key, { at: performance.now(), weeks });
  return weeks;
}

async function count(context: Context, reachable: readonly string[] | null): Promise<RotationWeekWire[]> {
  // The session's zone is UTC, so `date_trunc` finds the Mondays of UTC.
  const rows = await db.$queryRaw<Row[]>`
    WITH ended AS (
      SELECT date_trunc('week', finished_at) AS starts_at, state
      FROM rotations
      WHERE organization_id = ${context.organizationId} AND kind = 'rotate'
        AND finished_at >= date_trunc('week', now()) - make_interval(weeks => ${WEEKS - 1}::int)
        AND (${reachable === null} OR database_id IN (SELECT database_id FROM projects WHERE id = ANY (${reachable ?? []}::text[])))
    )
    SELECT week AS "startsAt",
      count(*) FILTER (WHERE state = 'completed')::int AS completed,
      count(*) FILTER (WHERE state = 'failed')::int AS failed
    FROM generate_series(date_trunc('week', now()) - make_interval(weeks => ${WEEKS - 1}::int), date_trunc('week', now()), interval '1 week') AS week
    LEFT JOIN ended ON ended.starts_at = week
    GROUP BY week
    ORDER BY week`;
  return rows.map(({ startsAt, completed, failed }) => ({ starts_at: startsAt.toISOString(), completed, failed }));
}
