import { DomainError } from '#lib/errors.ts';
import { signInLimits } from '#lib/limits/limits.ts';
import { takeFromLimit } from '#lib/limits/take-from-limit.ts';
import { readOrigin } from './read-origin.ts';

const emailOf = async (request: Request): Promise<string> =>
  String((await request.clone().formData()).get('email') ?? '')
    .trim()
    .toLowerCase();

/** Answers a try to sign in with 429 where there were too many; null lets it pass. The body is the one next-auth's client reads. */
export async function throttleSignIn(request: Request): Promise<Response | null> {
  const { pathname, origin } = new URL(request.url);
  if (!pathname.endsWith('/callback/credentials')) return null;
  const limits = signInLimits(await emailOf(request).catch(() => ''), readOrigin(request.headers).address ?? 'unknown');
  try {
    for (const limit of limits) await takeFromLimit(limit);
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const headers = { 'retry-after': String(error.extras.retryAfterSeconds ?? 60) };
    return Response.json({ url: `${origin}/signin?error=rate_limited` }, { status: error.status, headers });
  }
}
