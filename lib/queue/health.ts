import { db } from '#lib/db.ts';

const ALIVE_MS = 10_000;

/** How many workers beat within the last 10 s, and when the last one did. */
export async function workersAlive(): Promise<{ count: number; lastBeatAt: Date | null }> {
  const beats = await db.worker.findMany({ where: { beatAt: { gt: new Date(Date.now() - ALIVE_MS) } }, select: { beatAt: true }, orderBy: { beatAt: 'desc' } });
  return { count: beats.length, lastBeatAt: beats[0]?.beatAt ?? null };
}
