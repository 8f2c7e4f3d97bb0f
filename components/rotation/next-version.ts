import type { JobWire } from '#lib/http/wire/job.ts';

/** The version a new rotation would bring: failed ones have used up numbers too. */
export const nextVersion = (currentVersion: number, jobs: readonly JobWire[]): number =>
  Math.max(currentVersion, ...jobs.map(({ rotation }) => rotation?.to_version ?? 0)) + 1;
