import { db } from '#lib/db.ts';

/** How long what was told can be looked up and told again: 30 days. */
const KEPT_MS = 30 * 86_400_000;
const AT_ONCE = 1_000;

/**
 * Deletes events of more than 30 days ago with their deliveries, but for those still to be told to an active endpoint.
 * Answers how many. In small pieces: nobody waits for it.
 */
export async function pruneEvents(now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS);
  for (let pruned = 0; ; ) {
    const count = await db.$executeRaw`
      DELETE FROM events WHERE id = ANY(ARRAY(
        SELECT v.id FROM events v WHERE v.created_at < ${before} AND NOT EXISTS (
          SELECT FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id WHERE d.event_id = v.id AND d.state = 'pending' AND e.is_active)
        ORDER BY v.created_at LIMIT ${AT_ONCE} FOR UPDATE OF v SKIP LOCKED))`;
    pruned += count;
    if (count < AT_ONCE) return pruned;
  }
}
