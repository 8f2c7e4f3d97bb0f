import { z } from 'zod';
import { storeTime } from '#lib/kernel/clock.ts';

/** Vercel tells of its limits in the answer's body: `reset` is a unix time in seconds. */
const limitedBody = z.object({ error: z.object({ limit: z.object({ reset: z.number() }) }) });

/**
 * When a provider asks to be left alone until: by Retry-After (RFC 9110, 10.2.3: seconds or a date), else, where a rate
 * limit is what stopped us, by X-RateLimit-Reset or Vercel's `error.limit.reset` (unix times). Null where it says nothing.
 */
export function retryAtOf(
  answer: { headers: Record<string, string | string[] | undefined>; body: unknown },
  isRateLimit: boolean,
  now = storeTime(),
): Date | null {
  const retryAfter = headerOf(answer, 'retry-after');
  if (retryAfter !== null) return dateOf(/^\d+$/.test(retryAfter) ? now.getTime() + Number(retryAfter) * 1000 : Date.parse(retryAfter));
  if (!isRateLimit) return null;
  const inBody = limitedBody.safeParse(answer.body);
  const resetS = inBody.success ? inBody.data.error.limit.reset : Number(headerOf(answer, 'x-ratelimit-reset') ?? Number.NaN);
  return dateOf(resetS * 1000);
}

function headerOf({ headers }: { headers: Record<string, string | string[] | undefined> }, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Null for a time that no calendar has. */
function dateOf(ms: number): Date | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date;
}

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
