import { runDeparture } from '#lib/departures/run-departure.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { Dispatch } from './handlers.ts';

/** `departure.run`: begins the rotations of what a removed member had seen, and follows them. */
export function runDepartureJob({ departureId }: Message<'departure.run'>, { lanes, workerId }: Dispatch): void {
  lanes.run('departures', departureId, () =>
    runDeparture(departureId, workerId).catch((error: unknown) => log.error({ departure: departureId, error: describeError(error) }, 'departure failed')),
  );
}
