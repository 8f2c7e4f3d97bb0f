import { checkByItself } from '#lib/connections/check-by-itself.ts';
import { claimDueChecks } from '#lib/connections/claim-due-checks.ts';
import { describeError, log } from '#lib/log.ts';
import type { Dispatch } from './handlers.ts';

const EVERY_MS = 30_000;
let nextAt = 0;

/** Proves logins that went unproven for a day, in lanes beside those of the rotations: a look keeps no password waiting. */
export function checkConnections({ lanes, workerId }: Dispatch): void {
  if (Date.now() < nextAt) return;
  nextAt = Date.now() + EVERY_MS;
  lanes.run('connection checks', 'connection checks', async () => {
    try {
      for (const { id, lane } of await claimDueChecks()) lanes.run(`connection check ${lane}`, `connection check ${id}`, () => check(id, workerId));
    } catch (error) {
      log.warn({ error: describeError(error) }, 'no login was looked at');
    }
  });
}

const check = (id: string, workerId: string): Promise<void> =>
  checkByItself(id, workerId).catch((error: unknown) => log.warn({ database: id, error: describeError(error) }, 'a look at a login broke off'));
