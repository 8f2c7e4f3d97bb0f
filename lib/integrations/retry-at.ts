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
