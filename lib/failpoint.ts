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
  'prove.written',
  'prove.refused',
  'complete.committed',
  'undo.announced',
  'undo.changed',
  'undo.proven',
] as const;
/** The same for the delivery of an event. */
export const DELIVERY_FAILPOINTS = ['deliver.claimed', 'deliver.loaded', 'deliver.sent', 'deliver.recorded'] as const;
/** For bringing the password to a provider. */
export const SYNC_FAILPOINTS = ['sync.claimed', 'sync.put', 'sync.compared', 'sync.recorded', 'sync.settled'] as const;
/** And for asking it for a deployment. */
export const REDEPLOY_FAILPOINTS = ['redeploy.claimed', 'redeploy.asked'] as const;
/** For a deployment. */
export const DEPLOYMENT_FAILPOINTS = ['deployment.claimed', 'deployment.begun', 'deployment.proven'] as const;
/** And for wrapping data keys anew. */
export const REWRAP_FAILPOINTS = ['rewrap.wrapped', 'rewrap.written', 'rewrap.finished'] as const;
export type Failpoint = (
  | typeof REWRAP_FAILPOINTS
  | typeof DEPLOYMENT_FAILPOINTS
  | typeof FAILPOINTS
  | typeof DELIVERY_FAILPOINTS
  | typeof SYNC_FAILPOINTS
  | typeof REDEPLOY_FAILPOINTS
)[number];

interface Armed {
  left: number;
  /** Those that come before the last one wait here. */
  gathers: boolean;
  signal: 'SIGKILL' | 'SIGSTOP';
}

/** `name`, `name:n` for the nth time, `name*n` for n of them at once, `name=stop`; separated by commas. */
const armed = new Map<string, Armed>(
  env.REKEY_FAILPOINTS.split(',')
    .filter(Boolean)
    .map((entry) => {
      const [point = '', how] = entry.split('=');
      const [name = '', nth = '1'] = point.split(/[:*]/);
      return [name, { left: Number(nth), gathers: point.includes('*'), signal: how === 'stop' ? 'SIGSTOP' : 'SIGKILL' }];
    }),
);

/** Kills the process the way the kernel would, or stops it, where a test armed this point; otherwise nothing. Awaited where several may be gathered. */
export function failpoint(name: Failpoint): Promise<never> | undefined {
  const point = armed.get(name);
  if (!point) return undefined;
  point.left -= 1;
  if (point.left === 0) process.kill(process.pid, point.signal);
  return point.gathers && point.left > 0 ? new Promise(() => {}) : undefined;
}
