import { Gauge, Registry } from '@prometheus-io/client';
import { Prisma } from '#generated/prisma/client.ts';
import { DatabaseState, TargetState } from '#generated/prisma/enums.ts';
import { job } from '#lib/contract/job.ts';
import { ask, planAnew } from '#lib/kernel/db.ts';
import { RETIREMENT_PUT_OFF_MS } from '#lib/logins/limits.ts';
import { workersAlive } from '#lib/queue/health.ts';
import { readClocks } from '#lib/queue/process-clocks.ts';
import { countByState, type Metric, single } from './metric.ts';
import { readRotations } from './read-rotations.ts';

const STATES = ['queued', 'running'] as const;

/** The two states are those of the partial index `jobs_live`. */
const readJobs = () =>
  ask<{ type: string; state: string; count: number; oldest: number }>(Prisma.sql`
    SELECT type::text, state::text, count(*)::int AS count, extract(epoch FROM now() - min(created_at))::float8 AS oldest FROM jobs
    WHERE state IN ('queued', 'running') GROUP BY type, state`);

/** What waits for a disabled endpoint is not pending: nobody tries it. */
const readDeliveries = () =>
  ask<{ pending: number; oldest: number; overdue: number; failed: number }>(Prisma.sql`${planAnew}
    SELECT count(*)::int AS pending, coalesce(extract(epoch FROM now() - min(d.created_at)), 0)::float8 AS oldest,
      greatest(extract(epoch FROM now() - min(d.next_attempt_at)), 0)::float8 AS overdue,
      (SELECT count(*)::int FROM deliveries f WHERE f.state = 'failed' AND f.updated_at > now() - interval '1 hour') AS failed
    FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id WHERE d.state = 'pending' AND e.is_active`);

/** What waits for the workers, and whether they live. */
async function readQueues(): Promise<Metric[]> {
  const [jobs, [deliveries], workers, clocks] = await Promise.all([readJobs(), readDeliveries(), workersAlive(), readClocks()]);
  const countOf = (type: string, state: string) => jobs.find((row) => row.type === type && row.state === state)?.count ?? 0;
  const queued = jobs.filter(({ state }) => state === 'queued');
  return [
    {
      name: 'rekey_jobs',
      help: 'Jobs that have not ended.',
      readings: job.shape.type.options.flatMap((type) => STATES.map((state) => ({ labels: { type, state }, value: countOf(type, state) }))),
    },
    single(
      'rekey_job_oldest_queued_age_seconds',
      'Age of the oldest job that has not started; 0 if there is none.',
      Math.max(0, ...queued.map(({ oldest }) => oldest)),
    ),
    single('rekey_deliveries_pending', 'Deliveries that are still being attempted.', deliveries?.pending ?? 0),
    single(
      'rekey_delivery_oldest_pending_age_seconds',
      'Age of the oldest delivery that is still being attempted; 0 if there is none.',
      deliveries?.oldest ?? 0,
    ),
    single('rekey_delivery_overdue_seconds', 'How long the oldest delivery whose time has come has waited for a worker.', deliveries?.overdue ?? 0),
    single('rekey_deliveries_failed_last_hour', 'Deliveries that were given up within the last hour.', deliveries?.failed ?? 0),
    {
      name: 'rekey_clock_skew_seconds',
      help: 'The largest difference between the clock of a running process and that of the store; positive: ahead.',
      readings: clocks.map(({ kind, skewMs }) => ({ labels: { kind }, value: skewMs / 1000 })),
    },
    ...(workers.sweepMs === null
      ? []
      : [single('rekey_sweep_duration_seconds', 'The longest of the workers’ last sweeps for pending work.', workers.sweepMs / 1000)]),
    single('rekey_workers_alive', 'Workers that sent a heartbeat within the last 10 seconds.', workers.count),
  ];
}

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
async function readLogins(): Promise<Metric[]> {
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

/** How the audit log's chains were found when they were last looked at. */
async function readAuditChains(): Promise<Metric[]> {
  const rows = await ask<{ state: string; count: number; oldest: number }>(Prisma.sql`
    SELECT CASE WHEN c.organization_id IS NULL THEN 'unchecked' WHEN c.findings = '[]' THEN 'whole' ELSE 'broken' END AS state,
      count(*)::int AS count, extract(epoch FROM now() - min(coalesce(c.checked_at, o.created_at)))::float8 AS oldest
    FROM organizations o LEFT JOIN audit_heads h ON h.organization_id = o.id LEFT JOIN audit_checks c ON c.organization_id = o.id
    WHERE h.organization_id IS NOT NULL OR c.findings <> '[]'
    GROUP BY 1`);
  return [
    countByState('rekey_audit_chains', 'Chains of the audit log, by the result of their last verification.', ['whole', 'broken', 'unchecked'], rows),
    single(
      'rekey_audit_verification_age_seconds',
      'Time since the last verification of the chain that has waited longest; 0 if there is none.',
      Math.max(0, ...rows.map(({ oldest }) => oldest)),
    ),
  ];
}

/** All metrics in Prometheus' text format, read from the store now: every web process answers the same. */
export async function renderMetrics(): Promise<{ text: string; contentType: string }> {
  const metrics = (await Promise.all([readRotations(), readLogins(), readQueues(), readAuditChains()])).flat();
  const registry = new Registry();
  for (const { name, help, readings } of metrics) {
    // A gauge that is never set and has no labels would say 0.
    if (readings.length === 0) continue;
    const labelNames = Object.keys(readings[0]?.labels ?? {});
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels = {}, value } of readings) gauge.set(labels, value);
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}
