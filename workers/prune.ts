import { forgetOldLimits } from '#lib/limits/forget-old-limits.ts';
import { pruneEvents } from '#lib/outbox/prune-events.ts';
import { forgetOldClaims } from '#lib/queue/claim.ts';
import { pruneHistory } from '#lib/retention/prune-history.ts';
import { periodically } from './periodically.ts';

/** Once an hour: deletes what has ended and is kept no longer, and the limits and repeatable answers of their day. */
export const pruneHourly = periodically('prune', 3_600_000, 'old data was not pruned', () =>
  Promise.all([pruneEvents(), pruneHistory(), forgetOldLimits(), forgetOldClaims()]),
);
