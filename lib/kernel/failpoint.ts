import { env } from './env.ts';

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
/** And for the runs of policies: before and inside each write. */
export const POLICY_FAILPOINTS = ['policy.planned', 'policy.loaded', 'policy.requested', 'policy.committed', 'policy.missed', 'policy.settled'] as const;
/** And for campaigns. */
export const CAMPAIGN_FAILPOINTS = ['campaign.loaded', 'campaign.requested', 'campaign.committed'] as const;
/** For a mail: once the mail server has it. */
export const MAIL_FAILPOINTS = ['mail.sent'] as const;
/** Between a call to the outside and the write of what it found, for work that is claimed in `work_claims`. */
export const CLAIMED_FAILPOINTS = [
  'rescan.done',
  'check.done',
  'look.done',
  'drift.compared',
  'departure.loaded',
  'audit.read',
  'checkpoint.loaded',
  'import.tried',
] as const;
export type Failpoint = (
  | typeof POLICY_FAILPOINTS
  | typeof CAMPAIGN_FAILPOINTS
  | typeof MAIL_FAILPOINTS
  | typeof CLAIMED_FAILPOINTS
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

/** Points at which the next one to come waits for a test of the same process. */
const holds = new Map<Failpoint, { reach: () => void; until: Promise<void> }>();

/**
 * Has the next one that comes to a point wait there until it is let go, or fail with what `fail` is given; `reached`
 * resolves once it waits. Tests only.
 */
export function holdAt(name: Failpoint): { reached: Promise<void>; letGo: () => void; fail: (error: Error) => void } {
  const reached = Promise.withResolvers<void>();
  const until = Promise.withResolvers<void>();
  const hold = { reach: reached.resolve, until: until.promise };
  holds.set(name, hold);
  const end = (how: () => void) => {
    if (holds.get(name) === hold) holds.delete(name);
    how();
  };
  // A caller may wait for it, but need not: without this an unobserved failure would end the process.
  until.promise.catch(() => undefined);
  return { reached: reached.promise, letGo: () => end(until.resolve), fail: (error) => end(() => until.reject(error)) };
}

/** Kills the process the way the kernel would, or stops it, where a test armed this point; otherwise nothing. Awaited where several may be gathered. */
export function failpoint(name: Failpoint): Promise<unknown> | undefined {
  const held = holds.get(name);
  if (held) {
    holds.delete(name);
    held.reach();
    return held.until;
  }
  const point = armed.get(name);
  if (!point) return undefined;
  point.left -= 1;
  if (point.left === 0) process.kill(process.pid, point.signal);
  return point.gathers && point.left > 0 ? new Promise(() => {}) : undefined;
}
