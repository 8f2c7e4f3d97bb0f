import { Prisma } from '#generated/prisma/client.ts';
import { job } from '#lib/contract/job.ts';
import { ask, planAnew } from '#lib/kernel/db.ts';
import { workersAlive } from '#lib/queue/health.ts';
import { readClocks } from '#lib/queue/process-clocks.ts';
import { type Metric, single } from './metric.ts';

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
export async function readQueues(): Promise<Metric[]> {
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
