import { forgetOldLimits } from '#lib/limits/forget-old-limits.ts';
import { describeError, log } from '#lib/log.ts';
import { pruneEvents } from '#lib/outbox/prune-events.ts';
import type { Dispatch } from './handlers.ts';

const EVERY_MS = 3_600_000;
let nextAt = 0;

/** Once an hour: forgets the events of long ago, and the limits and repeatable answers of their day. */
export function pruneHourly({ lanes }: Dispatch): void {
  if (Date.now() < nextAt) return;
  nextAt = Date.now() + EVERY_MS;
  lanes.run('prune', 'prune', () =>
    Promise.all([pruneEvents(new Date()), forgetOldLimits()]).then(
      () => undefined,
      (error: unknown) => log.warn({ error: describeError(error) }, 'what is old was not forgotten'),
    ),
  );
}
