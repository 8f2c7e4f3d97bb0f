import type { JobWire } from '#lib/contract/job.ts';

const isOpen = (state: JobWire['state']): boolean => state === 'queued' || state === 'running';

/** The version a new rotation would bring: a failed one that made a password has used up its number, one in progress is this very one. */
export const nextVersion = (currentVersion: number, jobs: readonly JobWire[]): number =>
  Math.max(currentVersion, ...jobs.map(({ state, rotation }) => (isOpen(state) || !rotation?.is_staged ? 0 : rotation.to_version))) + 1;
