import { Prisma } from '#generated/prisma/client.ts';
import { ask } from '#lib/kernel/db.ts';

/** How many workers beat within the last 12 s by the store's clock, when the last one did, and the longest of their last sweeps in ms. */
export async function workersAlive(): Promise<{ count: number; lastBeatAt: Date | null; sweepMs: number | null }> {
  const [row] = await ask<{ count: number; lastBeatAt: Date | null; sweepMs: number | null }>(Prisma.sql`
    SELECT count(*)::int AS count, max(beat_at) AS "lastBeatAt", max(sweep_ms) AS "sweepMs" FROM workers
    WHERE beat_at > now() - interval '12 seconds' AND beat_at <= now() + interval '10 seconds'`);
  return row ?? { count: 0, lastBeatAt: null, sweepMs: null };
}
