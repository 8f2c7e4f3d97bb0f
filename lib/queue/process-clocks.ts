import { Prisma } from '#generated/prisma/client.ts';
import { noteStoreTime } from '#lib/kernel/clock.ts';
import { type Ask, ask } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { describeError, log } from '#lib/kernel/log.ts';

/** From here on the difference is reported: 5 s. Rekey itself works with any. */
export const SKEW_LIMIT_MS = 5_000;

type ProcessKind = 'web' | 'worker';

const NOW = Prisma.sql`extract(epoch FROM clock_timestamp())::float8 * 1000 AS at`;

const WEB_MS = 10_000;
/** What was measured longer ago counts no more: its process has ended. */
const COUNTS = Prisma.sql`interval '30 seconds'`;

/** Asks the store for its time by a statement that returns it as `at`. Returns how far this machine's clock is ahead of it, in ms. */
export async function measureClock(run: Ask = ask, statement = Prisma.sql`SELECT ${NOW}`): Promise<number> {
  const began = performance.now();
  const [row] = await run<{ at: number }>(statement);
  const tookMs = performance.now() - began;
  const shownMs = row?.at ?? 0;
  noteStoreTime(shownMs, tookMs);
  return Date.now() - (shownMs + tookMs / 2);
}

/**
 * Measures the clock, and writes down the difference that the last measurement found, for health and metrics: one
 * statement, with the items `withs` of its WITH. Returns the new difference, in ms.
 */
export const reportClock = (id: string, kind: ProcessKind, skewMs: number, run: Ask = ask, withs = Prisma.empty): Promise<number> =>
  // Without a wait for the disk, which would count as the way there and back.
  measureClock(
    run,
    Prisma.sql`
    WITH ${withs} unsynced AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO process_clocks (id, kind, skew_ms) SELECT ${id}, ${kind}, ${skewMs} FROM unsynced
    ON CONFLICT (id) DO UPDATE SET skew_ms = excluded.skew_ms, measured_at = statement_timestamp() RETURNING ${NOW}`,
  );

/** Deletes what processes that ended a day ago have left, and what the process `id` has, which ends now. */
export const forgetClocks = (id = '') => ask(Prisma.sql`DELETE FROM process_clocks WHERE id = ${id} OR measured_at < now() - interval '1 day'`);

/** Reports the clock of a web process now and every 10 s. Throws where the store does not answer now. */
export async function watchWebClock(): Promise<void> {
  const id = newId('web');
  let skewMs = await measureClock();
  const report = async () => {
    skewMs = await reportClock(id, 'web', skewMs);
  };
  await report();
  await forgetClocks();
  setInterval(() => void report().catch((error: unknown) => log.warn({ error: describeError(error) }, 'clock not measured')), WEB_MS).unref();
}

/** Of the running processes of each kind, how many there are and the largest difference, in ms. */
export const readClocks = (): Promise<{ kind: ProcessKind; processes: number; skewed: number; skewMs: number }[]> =>
  ask(Prisma.sql`
    SELECT kind, count(*)::int AS processes, count(*) FILTER (WHERE abs(skew_ms) > ${SKEW_LIMIT_MS})::int AS skewed,
      (array_agg(skew_ms ORDER BY abs(skew_ms) DESC))[1] AS "skewMs"
    FROM process_clocks WHERE measured_at > now() - ${COUNTS} GROUP BY kind ORDER BY kind`);
