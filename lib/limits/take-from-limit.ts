import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';

export interface Limit {
  /** What is counted: `key key_…`, `sign-in …`. */
  bucket: string;
  /** So many in each window. */
  most: number;
  windowSeconds: number;
}

/** What is left of a limit, and in how many seconds it is whole again. */
export interface Allowance {
  most: number;
  remaining: number;
  resetSeconds: number;
}

/**
 * Counts one more against a limit, in the store, so that it holds over all web processes.
 * Throws 429 `rate_limited` with the seconds to wait, where it is used up.
 */
export async function takeFromLimit({ bucket, most, windowSeconds }: Limit): Promise<Allowance> {
  const [row] = await db.$queryRaw<{ count: number; resetSeconds: number }[]>`
    INSERT INTO rate_limits AS r (bucket, window_began_at, count) VALUES (${bucket}, now(), 1)
    ON CONFLICT (bucket) DO UPDATE SET
      count = CASE WHEN r.window_began_at <= now() - make_interval(secs => ${windowSeconds}) THEN 1 ELSE r.count + 1 END,
      window_began_at = CASE WHEN r.window_began_at <= now() - make_interval(secs => ${windowSeconds}) THEN now() ELSE r.window_began_at END
    RETURNING count, least(${windowSeconds}::int, ceil(extract(epoch FROM window_began_at - now()) + ${windowSeconds}::int)::int) AS "resetSeconds"`;
  const { count, resetSeconds } = row ?? { count: 1, resetSeconds: windowSeconds };
  if (count > most)
    throw new DomainError('rate_limited', `Too many requests: ${most} in ${windowSeconds} s are allowed. Wait ${resetSeconds} s; nothing was changed.`, {
      retryAfterSeconds: resetSeconds,
    });
  return { most, remaining: most - count, resetSeconds };
}
