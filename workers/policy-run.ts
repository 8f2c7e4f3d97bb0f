import { describeError, log } from '#lib/kernel/log.ts';
import type { DuePolicyWork } from '#lib/policies/find-due.ts';
import { planLogins } from '#lib/policies/plan-logins.ts';
import { recordMissed } from '#lib/policies/record-missed.ts';
import { reportOverdueSoon } from '#lib/policies/report-overdue-soon.ts';
import { requestRun } from '#lib/policies/request-run.ts';
import { settleRun } from '#lib/policies/settle-run.ts';
import type { Dispatch } from './handlers.ts';
import { periodically } from './periodically.ts';

/** Once an hour: reports passwords that will be overdue within a week. */
export const reportOverdueHourly = periodically('overdue', 3_600_000, 'logins that will be overdue were not reported', () => reportOverdueSoon());

/** Plans, requests and settles the runs of policies that a sweep found due. The rotations that it requests are ordinary ones. */
export function runPolicies({ hasPlans, missed, runs, ended }: DuePolicyWork, { lanes, workerId }: Dispatch): void {
  const run = (id: string, failed: string, work: () => Promise<unknown>) =>
    lanes.run('policies', id, () =>
      work().then(
        () => undefined,
        (error: unknown) => log.error({ id, error: describeError(error) }, failed),
      ),
    );
  if (hasPlans)
    run('policy plans', 'planning failed', async () => {
      while (!lanes.isDraining && (await planLogins()) > 0);
    });
  for (const id of missed) run(`policy missed ${id}`, 'recording a missed window failed', () => recordMissed(id));
  for (const id of runs) run(id, 'policy run failed', () => requestRun(id, workerId));
  for (const id of ended) run(`policy ended ${id}`, 'settling a policy run failed', () => settleRun(id));
}
