/** The waits before the tries after the first one, in ms: 5 s, 5 min, 30 min, 2 h, 5 h. */
const WAITS_MS = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000] as const;
export const MAX_ATTEMPTS = WAITS_MS.length + 1;

/** A receiver that asks for more patience than a day is asked again after a day. */
const LONGEST_WAIT_MS = 86_400_000;

/** A Retry-After header (RFC 9110, 10.2.3: seconds or a date) in ms from `now`; 0 where it says nothing. */
function askedWaitMs(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.min(ms, LONGEST_WAIT_MS);
}

/** When a delivery is tried again after `attempts` that failed, the last one at `now`; null when it is given up. */
export function nextAttemptAt(attempts: number, now: Date, retryAfter: string | null): Date | null {
  const wait = WAITS_MS[attempts - 1];
  return wait === undefined ? null : new Date(now.getTime() + Math.max(wait, askedWaitMs(retryAfter, now)));
}
