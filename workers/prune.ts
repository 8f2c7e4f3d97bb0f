import { forgetOldLimits } from '#lib/limits/forget-old-limits.ts';
import { pruneEvents } from '#lib/outbox/prune-events.ts';
import { periodically } from './periodically.ts';

/** Once an hour: forgets the events of long ago, and the limits and repeatable answers of their day. */
export const pruneHourly = periodically('prune', 3_600_000, 'old data was not pruned', () => Promise.all([pruneEvents(new Date()), forgetOldLimits()]));
