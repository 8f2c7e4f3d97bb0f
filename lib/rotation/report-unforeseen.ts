import { describeError, log } from '#lib/log.ts';

/** Logs what a worker could not foresee; the reconciler comes back to the rotation. */
export function reportUnforeseen(id: string, error: unknown): void {
  log.error({ rotation: id, error: describeError(error) }, 'attempt failed');
}
