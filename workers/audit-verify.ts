import { publishCheckpoints } from '#lib/audit/publish-checkpoints.ts';
import { findDueChains, verifyDueChain } from '#lib/audit/verify-due.ts';
import { periodically } from './periodically.ts';

/** Looks after the audit chains, one after the other. */
export const verifyAuditChains = periodically('audit chains', 30_000, 'an audit chain was not verified', async ({ workerId }) => {
  for (const organizationId of await findDueChains()) await verifyDueChain(organizationId, workerId);
});

const PUBLISH_MS = 600_000;

/** Brings checkpoints off the store. */
export const publishAuditCheckpoints = periodically('audit checkpoints', PUBLISH_MS, 'audit checkpoints were not published', ({ workerId }) =>
  publishCheckpoints(workerId),
);
