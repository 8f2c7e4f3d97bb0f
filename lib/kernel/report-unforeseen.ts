import { describeError, log } from './log.ts';

/** Logs an unexpected error of a worker; the sweep returns to the rotation. */
export function reportUnforeseen(id: string, error: unknown): void {
  log.error({ rotation: id, error: describeError(error) }, 'attempt failed');
}
