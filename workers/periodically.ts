import { describeError, log } from '#lib/kernel/log.ts';
import type { Dispatch } from './jobs.ts';

/**
 * What a sweep begins at most once in `everyMs`, in a lane of its own: it keeps no password waiting. If it fails,
 * `failed` is logged, and the next time comes all the same.
 */
export function periodically(name: string, everyMs: number, failed: string, work: (dispatch: Dispatch) => Promise<unknown>): (dispatch: Dispatch) => void {
  let nextAt = 0;
  return (dispatch) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + everyMs;
    dispatch.lanes.run(name, name, async () => {
      try {
        await work(dispatch);
      } catch (error) {
        log.warn({ error: describeError(error) }, failed);
      }
    });
  };
}
