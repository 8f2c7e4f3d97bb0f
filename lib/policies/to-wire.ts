import type { Database, Policy } from '#generated/prisma/client.ts';
import type { PolicyRunWire, PolicyWire, ProjectPolicyWire } from '#lib/contract/policy.ts';
import type { PolicyStats } from './read-stats.ts';
import { DAY_MS, type Run } from './rule.ts';

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A policy as the API shows it. */
export const policyToWire = (row: Policy, stats: PolicyStats | undefined): PolicyWire => ({
  id: row.id,
  organization_id: row.organizationId,
  name: row.name,
  max_age_days: row.maxAgeDays,
  cron: row.cron,
  windows: row.windows as PolicyWire['windows'],
  time_zone: row.timeZone,
  blackouts: row.blackouts as PolicyWire['blackouts'],
  spread: row.spread,
  close_sessions: row.closeSessions,
  grace_hours: row.graceHours,
  run_when_back: row.runWhenBack,
  tag_rule: row.tagRule as PolicyWire['tag_rule'],
  is_default: row.isDefault,
  notify: row.notifyUserIds,
  paused_at: timeOf(row.pausedAt),
  paused_by: row.pausedBy,
  logins: stats?.logins ?? 0,
  overdue: stats?.overdue ?? 0,
  next_run_at: timeOf(stats?.nextRunAt ?? null),
  missed: row.missedAt && { closed_at: row.missedAt.toISOString(), logins: row.missedLogins },
  last_run: stats?.lastRun
    ? {
        started_at: stats.lastRun.startedAt.toISOString(),
        ended_at: timeOf(stats.lastRun.endedAt),
        total: stats.lastRun.total,
        completed: stats.lastRun.completed,
        failed: stats.lastRun.failed,
      }
    : null,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

/** The columns of a login that tell of its policy. */
export type PolicyLogin = Pick<Database, 'policySource' | 'nextRunAt' | 'runOpensAt' | 'runClosesAt' | 'dueAt' | 'missedAt' | 'policyFailures'> & {
  policy: Pick<Policy, 'id' | 'name' | 'timeZone' | 'pausedAt'> | null;
};

/** The policy that applies to a login, with its next run. */
export function projectPolicyToWire(login: PolicyLogin): ProjectPolicyWire | null {
  const { policy, policySource } = login;
  if (!policy || !policySource) return null;
  const hasRun = login.nextRunAt !== null;
  return {
    id: policy.id,
    name: policy.name,
    source: policySource,
    time_zone: policy.timeZone,
    next_run_at: timeOf(login.nextRunAt),
    opens_at: timeOf(hasRun ? login.runOpensAt : null),
    closes_at: timeOf(hasRun ? login.runClosesAt : null),
    due_at: timeOf(login.dueAt),
    missed_at: timeOf(login.missedAt),
    failures: login.policyFailures,
    is_paused: policy.pausedAt !== null,
  };
}

/** Runs in order of time, of a password in use since then. */
export function runsToWire(runs: Run[], since: Date): PolicyRunWire[] {
  let last = since;
  return runs.map(({ at, opensAt, closesAt, clockChange }) => {
    const ageDays = Math.floor((at.getTime() - last.getTime()) / DAY_MS);
    last = at;
    return {
      opens_at: opensAt.toISOString(),
      closes_at: timeOf(closesAt),
      age_days: ageDays,
      clock_change: clockChange && { at: clockChange.at.toISOString(), minutes: clockChange.minutes },
    };
  });
}
