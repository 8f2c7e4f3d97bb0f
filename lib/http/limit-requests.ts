import { readOrigin } from '#lib/kernel/read-origin.ts';
import { strangerLimit } from '#lib/limits/limits.ts';
import { type Allowance, takeFromLimit } from '#lib/limits/take-from-limit.ts';

/** Counts a request with no valid credentials against its address, then rethrows the refusal. */
export const countStranger =
  (request: Request) =>
  async (refusal: unknown): Promise<never> => {
    await takeFromLimit(strangerLimit(readOrigin(request.headers).address ?? 'unknown'));
    throw refusal;
  };

/** Sets the rate limit headers and returns the response. */
export function withAllowance(response: Response, { most, remaining, resetSeconds }: Allowance): Response {
  response.headers.set('x-ratelimit-limit', String(most));
  response.headers.set('x-ratelimit-remaining', String(remaining));
  response.headers.set('x-ratelimit-reset', String(resetSeconds));
  return response;
}
