import { env } from '#lib/env.ts';

/** Every place where tests may kill the process: between any two writes of a rotation that a crash could tear apart. */
export const FAILPOINTS = [
  'rotation.claimed',
  'stage.checked',
  'stage.committed',
  'apply.opened',
  'apply.announced',
  'apply.changed',
  'verify.direct-accepted',
  'verify.pooled-accepted',
  'promote.committed',
  'prove.refused',
  'complete.committed',
  'undo.announced',
  'undo.changed',
  'undo.proven',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/** `name` or `name:n` for the nth time, separated by commas. */
const armed = new Map<string, number>(
  env.REKEY_FAILPOINTS.split(',')
    .filter(Boolean)
    .map((entry) => {
      const [name = '', nth = '1'] = entry.split(':');
      return [name, Number(nth)];
    }),
);

/** Kills the process the way the kernel would, where a test armed this point; otherwise nothing. */
export function failpoint(name: Failpoint): void {
  if (armed.size === 0) return;
  const left = armed.get(name);
  if (left === undefined) return;
  if (left === 1) process.kill(process.pid, 'SIGKILL');
  armed.set(name, left - 1);
}
