import { describeError, log } from '#lib/log.ts';
import { pruneEvents } from '#lib/outbox/prune-events.ts';
import type { Dispatch } from './handlers.ts';

const EVERY_MS = 3_600_000;
let nextAt = 0;

/** Once an hour: forgets the events of long ago. */
export function pruneEventsHourly({ lanes }: Dispatch): void {
  if (Date.now() < nextAt) return;
  nextAt = Date.now() + EVERY_MS;
  lanes.run('prune', 'events', () =>
    pruneEvents(new Date()).then(
      () => undefined,
      (error: unknown) => log.warn({ error: describeError(error) }, 'old events were not forgotten'),
    ),
  );
}
