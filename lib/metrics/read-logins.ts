import { Prisma } from '#generated/prisma/client.ts';
import { DatabaseState, TargetState } from '#generated/prisma/enums.ts';
import { ask, planAnew } from '#lib/kernel/db.ts';
import { RETIREMENT_PUT_OFF_MS } from '#lib/logins/limits.ts';
import { countByState, type Metric, single } from './metric.ts';

const readStates = () =>
  ask<{ of: 'logins' | 'targets'; state: string; count: number }>(Prisma.sql`
    SELECT 'logins' AS of, state::text, count(*)::int AS count FROM databases GROUP BY state
    UNION ALL SELECT 'targets', state::text, count(*)::int FROM integration_targets GROUP BY state`);

/** Old passwords whose time has come, and those that were put off because they could not be ended. */
const readOverdue = () =>
  ask<{ count: number }>(Prisma.sql`${planAnew}
    SELECT count(*)::int AS count FROM credentials c
    WHERE c.state = 'retiring' AND c.retire_at <= now() + make_interval(secs => ${RETIREMENT_PUT_OFF_MS / 1000})
      AND (c.retire_at <= now() OR 'failed' = (
        SELECT r.state::text FROM rotations r WHERE r.database_id = c.database_id AND r.kind = 'retire' ORDER BY r.created_at DESC LIMIT 1))`);

/** By policy: what is past its maximum age, and what missed its window since its password changed. */
const readPolicies = () =>
  ask<{ overdue: number; missed: number }>(Prisma.sql`
    SELECT (count(*) FILTER (WHERE due_at < now()))::int AS overdue, (count(*) FILTER (WHERE missed_at IS NOT NULL))::int AS missed
    FROM databases WHERE policy_id IS NOT NULL`);

/** How the logins stand, their old passwords, and the places that hold their URLs. */
export async function readLogins(): Promise<Metric[]> {
  const [rows, [overdue], [policies]] = await Promise.all([readStates(), readOverdue(), readPolicies()]);
  const of = (what: 'logins' | 'targets') => rows.filter((row) => row.of === what);
  return [
    countByState('rekey_logins', 'Logins whose passwords Rekey stores.', Object.values(DatabaseState), of('logins')),
    single('rekey_credentials_retirement_overdue', 'Old passwords that still work past their end.', overdue?.count ?? 0),
    single('rekey_logins_overdue', 'Logins whose password is older than their policy allows.', policies?.overdue ?? 0),
    single('rekey_logins_window_missed', 'Logins that missed the window of their policy, and whose password has not changed since.', policies?.missed ?? 0),
    countByState('rekey_integration_targets', 'Integration targets that hold a URL.', Object.values(TargetState), of('targets')),
  ];
}
