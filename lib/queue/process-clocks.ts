import { Prisma } from '#generated/prisma/client.ts';
import { noteStoreTime } from '#lib/clock.ts';
import { ask } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import { describeError, log } from '#lib/log.ts';

/** From here on the difference is reported: 5 s. Rekey itself works with any. */
export const SKEW_LIMIT_MS = 5_000;

type ProcessKind = 'web' | 'worker';

const WEB_MS = 10_000;
/** What was measured longer ago counts no more: its process has ended. */
const COUNTS = Prisma.sql`interval '30 seconds'`;

/** Asks the store for its time. Returns how far this machine's clock is ahead of it, in ms. */
export async function measureClock(): Promise<number> {
  const began = performance.now();
  const [row] = await ask<{ at: number }>(Prisma.sql`SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS at`);
  const tookMs = performance.now() - began;
  const shownMs = row?.at ?? 0;
  noteStoreTime(shownMs, tookMs);
  return Date.now() - (shownMs + tookMs / 2);
}

/** Measures the clock and writes the difference down, for health and metrics. */
export async function reportClock(id: string, kind: ProcessKind): Promise<void> {
  const skewMs = await measureClock();
  await ask(Prisma.sql`
    INSERT INTO process_clocks (id, kind, skew_ms) VALUES (${id}, ${kind}, ${skewMs})
    ON CONFLICT (id) DO UPDATE SET skew_ms = excluded.skew_ms, measured_at = statement_timestamp()`);
}

/** Deletes what processes that ended a day ago have left, and what the process `id` has, which ends now. */
export const forgetClocks = (id = '') => ask(Prisma.sql`DELETE FROM process_clocks WHERE id = ${id} OR measured_at < now() - interval '1 day'`);

/** Reports the clock of a web process now and every 10 s. Throws where the store does not answer now. */
export async function watchWebClock(): Promise<void> {
  const id = newId('web');
  await reportClock(id, 'web');
  await forgetClocks();
  setInterval(() => void reportClock(id, 'web').catch((error: unknown) => log.warn({ error: describeError(error) }, 'clock not measured')), WEB_MS).unref();
}

/** Of the running processes of each kind, how many there are and the largest difference, in ms. */
export const readClocks = (): Promise<{ kind: ProcessKind; processes: number; skewed: number; skewMs: number }[]> =>
  ask(Prisma.sql`
    SELECT kind, count(*)::int AS processes, count(*) FILTER (WHERE abs(skew_ms) > ${SKEW_LIMIT_MS})::int AS skewed,
      (array_agg(skew_ms ORDER BY abs(skew_ms) DESC))[1] AS "skewMs"
    FROM process_clocks WHERE measured_at > now() - ${COUNTS} GROUP BY kind ORDER BY kind`);
