import { setTimeout as delay } from 'node:timers/promises';
import { CHECKS_AT_ONCE, claimDueChecks } from '#lib/checks/claim-due-checks.ts';
import { runDailyCheck } from '#lib/checks/daily-check.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { Dispatch } from './jobs.ts';
import { periodically } from './periodically.ts';

const PERIOD_MS = 30_000;

/**
 * Checks logins that went unproven for 12 to 24 hours, in lanes beside those of the rotations: a check keeps no password waiting.
 * While more are due the next ones follow at once, or after half a minute where servers do not answer.
 */
export const checkConnections = periodically('connection checks', PERIOD_MS, 'no login was checked', async (dispatch) => {
  for (;;) {
    const due = await claimDueChecks();
    const checks = due.map((login) => new Promise<void>((done) => check(login, dispatch, done)));
    if (due.length < CHECKS_AT_ONCE) return;
    await Promise.race([Promise.all(checks), delay(PERIOD_MS, undefined, { ref: false })]);
    if (dispatch.lanes.isDraining) return;
  }
});

function check({ id, lane }: { id: string; lane: string }, { lanes, workerId }: Dispatch, done: () => void): void {
  lanes.run(`connection check ${lane}`, `connection check ${id}`, () =>
    runDailyCheck(id, workerId)
      .catch((error: unknown) => log.warn({ database: id, error: describeError(error) }, 'connection check failed'))
      .finally(done),
  );
}
