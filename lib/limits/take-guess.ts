import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import type { GuessLimit } from './limits.ts';

/** The first wait, in seconds, where a limit names none. */
const FIRST_WAIT_SECONDS = 15;
/** Far past the longest wait; more would overflow the power. */
const MOST_DOUBLINGS = 20;

/** The seconds to wait after the last guess that was let in; `r` is its row. */
const waitAfter = ({ free, longestSeconds, firstSeconds = FIRST_WAIT_SECONDS }: GuessLimit): Prisma.Sql =>
  Prisma.sql`CASE WHEN r.count < ${free}::int THEN 0
    ELSE least(${longestSeconds}::int, ${firstSeconds}::int * power(2, least(r.count - ${free}::int, ${MOST_DOUBLINGS}::int))) END`;

/**
 * Counts a guess where its time has come. Each `longestSeconds` without a guess forgives one. Answers the seconds to wait, 0 where it
 * may be judged. Of guesses that come at once one may have begun before the last that was let in: no time has passed for it.
 */
async function takeOne(limit: GuessLimit): Promise<number> {
  const { bucket, longestSeconds } = limit;
  const passed = Prisma.sql`greatest(extract(epoch FROM now() - r.window_began_at), 0)`;
  const taken = await db.$executeRaw`
    INSERT INTO rate_limits AS r (bucket, window_began_at, count) VALUES (${bucket}, now(), 1)
    ON CONFLICT (bucket) DO UPDATE SET
      count = greatest(r.count - floor(${passed} / ${longestSeconds}::int)::int, 0) + 1,
      window_began_at = greatest(r.window_began_at, now())
    WHERE ${passed} >= ${waitAfter(limit)}`;
  if (taken === 1) return 0;
  const [row] = await db.$queryRaw<{ wait: number }[]>`
    SELECT ceil(${waitAfter(limit)} - ${passed})::int AS "wait" FROM rate_limits r WHERE r.bucket = ${bucket}`;
  return Math.max(row?.wait ?? 0, 1);
}

/** Takes guesses back that were none: the secret was right, or nothing was judged. */
export async function giveBackGuess(limits: readonly GuessLimit[]): Promise<void> {
  for (const { bucket } of limits) {
    await db.$executeRaw`
      WITH gone AS (DELETE FROM rate_limits WHERE bucket = ${bucket} AND count <= 1)
      UPDATE rate_limits SET count = count - 1 WHERE bucket = ${bucket} AND count > 1`;
  }
}

/**
 * Counts a guess before it is judged, in the store, so that many at once are counted too: against all of these limits, or against none
 * where one refuses it. Give the narrowest first. `why` is the sentence that the refusal begins with.
 * @throws {DomainError} rate_limited with the seconds to wait
 */
export async function takeGuess(limits: readonly GuessLimit[], why = 'Too many wrong attempts.'): Promise<void> {
  for (const [index, limit] of limits.entries()) {
    const wait = await takeOne(limit);
    if (wait === 0) continue;
    await giveBackGuess(limits.slice(0, index));
    throw new DomainError('rate_limited', `${why} Wait ${wait} s, then try again; nothing was changed.`, { retryAfterSeconds: wait });
  }
}
