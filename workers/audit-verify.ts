import { findDueChains, verifyDueChain } from '#lib/audit/verify-due.ts';
import { describeError, log } from '#lib/log.ts';
import type { Dispatch } from './handlers.ts';

const EVERY_MS = 30_000;
let nextAt = 0;

/** Looks after the audit chains, one after the other. */
export function verifyAuditChains({ lanes }: Dispatch): void {
  if (Date.now() < nextAt) return;
  nextAt = Date.now() + EVERY_MS;
  lanes.run('audit', 'audit chains', async () => {
    try {
      for (const organizationId of await findDueChains()) await verifyDueChain(organizationId);
    } catch (error) {
      log.warn({ error: describeError(error) }, 'an audit chain was not verified');
    }
  });
}
