// What a worker asks every second must not take longer the more has ended. The statements are those that the driver
// sends, so that a new one is covered. SWEEP_ROTATIONS=1000000 tries it on a store of that size.
import { beforeAll, expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { renderMetrics } from '#lib/metrics/render-metrics.ts';
import { Lanes } from '#lib/queue/lanes.ts';
import { checkHealth } from '#lib/status/check-health.ts';
import { Deliverer } from '#lib/webhooks/deliverer.ts';
import { fillStore } from '#scripts/testing/fill-store.ts';
import { captureStatements, findWholeScans } from '#scripts/testing/read-plans.ts';
import { sweep } from './sweep.ts';

const ROTATIONS = Number(process.env.SWEEP_ROTATIONS ?? 20_000);
const LOGINS = ROTATIONS / 10;

beforeAll(() => fillStore({ logins: LOGINS, rotations: ROTATIONS, endpoints: 100, auditRecords: ROTATIONS }), 1_200_000);

async function sweepOnce(): Promise<void> {
  const lanes = new Lanes(8);
  const deliverer = new Deliverer('wrk_test');
  await sweep({ lanes, deliverer, workerId: 'wrk_test' });
  await Promise.all([lanes.drain(), deliverer.drain()]);
}

/** One of each kind of work: nothing that it leads to may read a whole table either. Its servers and receivers do not exist. */
async function makeDue(): Promise<void> {
  for (const statement of [
    `UPDATE credentials SET direct_proven_at = now() - interval '2 days' WHERE id IN ('crd_1', 'crd_2')`,
    `UPDATE rotations SET state = 'needs_attention', finished_at = NULL, deadline_at = now() + interval '1 minute' WHERE id = 'rot_11'`,
    `UPDATE jobs SET state = 'running' WHERE id = 'job_11'`,
    `UPDATE rotations SET rescan_at = now(), changed_at = now() WHERE id = 'rot_12'`,
    `UPDATE jobs SET state = 'queued' WHERE id = 'job_20'`,
    `UPDATE credentials SET state = 'retiring', retire_at = now() WHERE id = 'old_13'`,
    `UPDATE syncs SET finished_at = NULL WHERE id = 'syn_30'`,
    `UPDATE redeployments SET finished_at = NULL, state = 'requested' WHERE id = 'red_40'`,
    `UPDATE deployments SET finished_at = NULL, state = 'pending' WHERE id = 'dep_50'`,
    `UPDATE departure_credentials SET ended_at = NULL WHERE job_id = 'job_60'`,
    `UPDATE integrations SET next_check_at = now() WHERE id = 'int_70'`,
    `UPDATE deliveries SET state = 'pending' WHERE id = 'dlv_80'`,
    `INSERT INTO policies (id, organization_id, name, max_age_days, time_zone, updated_at) VALUES ('pol_1', 'org_big', 'Monthly', 30, 'UTC', now())`,
    `UPDATE databases SET chosen_policy_id = 'pol_1', plan_at = now() WHERE id = 'db_90'`,
    `UPDATE databases SET policy_id = 'pol_1', next_run_at = now() WHERE id = 'db_91'`,
    `UPDATE databases SET policy_id = 'pol_1', next_run_at = now() - interval '2 h', run_opens_at = now() - interval '2 h', run_closes_at = now() - interval '1 h' WHERE id = 'db_92'`,
    `UPDATE databases SET policy_id = 'pol_1', policy_job_id = 'job_93' WHERE id = 'db_94'`,
    `UPDATE campaigns SET state = 'running', next_attempt_at = now() WHERE id = 'cmp_1'`,
    `UPDATE campaign_logins SET ended_at = NULL, outcome = NULL WHERE job_id = 'job_100'`,
    `UPDATE audit_checks SET told_at = NULL`,
  ])
    await db.$executeRawUnsafe(statement);
}

it('a sweep, the work that it begins, the metrics and the health check read no whole table of ended work', { timeout: 600_000 }, async () => {
  const capture = captureStatements();
  await sweepOnce();
  await makeDue();
  await sweepOnce();
  const statements = capture.statements();
  await Promise.all([renderMetrics(), checkHealth()]);
  capture.stop();
  // Each kind of work has been asked for, or this test would hold of less and less.
  for (const table of [
    'rotations',
    'jobs',
    'credentials',
    'syncs',
    'redeployments',
    'deployments',
    'deliveries',
    'departure_credentials',
    'campaign_logins',
    'integrations',
    'events',
    'policies',
  ])
    expect(statements.some(({ text }) => text.includes(table))).toBe(true);
  expect(await findWholeScans(process.env.DATABASE_URL!, statements, 1_000)).toEqual([]);
  // The metrics count all logins and targets; what has ended they do not.
  const whole = await findWholeScans(process.env.DATABASE_URL!, capture.statements(), 1_000);
  expect(whole.filter(({ node }) => !/ (databases|integration_targets)$/.test(node))).toEqual([]);
});
