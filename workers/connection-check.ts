import { checkByItself } from '#lib/connections/check-by-itself.ts';
import { claimDueChecks } from '#lib/connections/claim-due-checks.ts';
import { describeError, log } from '#lib/log.ts';
import { periodically } from './periodically.ts';

/** Proves logins that went unproven for a day, in lanes beside those of the rotations: a look keeps no password waiting. */
export const checkConnections = periodically('connection checks', 30_000, 'no login was checked', async ({ lanes, workerId }) => {
  for (const { id, lane } of await claimDueChecks()) lanes.run(`connection check ${lane}`, `connection check ${id}`, () => check(id, workerId));
});

const check = (id: string, workerId: string): Promise<void> =>
  checkByItself(id, workerId).catch((error: unknown) => log.warn({ database: id, error: describeError(error) }, 'connection check failed'));
