import { readOrigin } from '#lib/kernel/read-origin.ts';
import { strangerLimit } from '#lib/limits/limits.ts';
import { type Allowance, takeFromLimit } from '#lib/limits/take-from-limit.ts';

/** Counts a request whose login was none against its address, then lets the refusal go on its way. */
export const countStranger =
  (request: Request) =>
  async (refusal: unknown): Promise<never> => {
    await takeFromLimit(strangerLimit(readOrigin(request.headers).address ?? 'unknown'));
    throw refusal;
  };

/** Tells what is left of the limit. */
export function withAllowance(response: Response, { most, remaining, resetSeconds }: Allowance): Response {
  response.headers.set('x-ratelimit-limit', String(most));
  response.headers.set('x-ratelimit-remaining', String(remaining));
  response.headers.set('x-ratelimit-reset', String(resetSeconds));
  return response;
}
