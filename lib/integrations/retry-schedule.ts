/** The waits before the tries after the first one, in ms: 10 s, 1 min, 5 min, 20 min, 1 h. A provider may be away for an hour. */
const WAITS_MS = [10_000, 60_000, 300_000, 1_200_000, 3_600_000] as const;
export const MAX_ATTEMPTS = WAITS_MS.length + 1;

/** A provider that asks for more patience than a day is asked again after a day. */
const LONGEST_WAIT_MS = 86_400_000;

/**
 * When a provider is asked again after `attempts` that failed, the last one at `now`; null when it is given up. Give or
 * take a fifth, by `random` from 0 to 1, so that many do not return at once; never before `askedFor`.
 */
export function nextAttemptAt(attempts: number, now: Date, askedFor: Date | null, random: () => number): Date | null {
  const wait = WAITS_MS[attempts - 1];
  if (wait === undefined) return null;
  const asked = Math.min((askedFor?.getTime() ?? 0) - now.getTime(), LONGEST_WAIT_MS);
  return new Date(now.getTime() + Math.max(Math.round(wait * (0.8 + random() * 0.4)), asked));
}
