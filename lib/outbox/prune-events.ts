import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';

const AT_ONCE = 1_000;

/**
 * Deletes events of more than so many days ago (`REKEY_RETENTION_DELIVERY_DAYS`; 0: none) with their deliveries, but for those still to be told to an active endpoint;
 * and mails of before that were sent or given up.
 * Answers how many. In small pieces: nobody waits for it.
 */
export async function pruneEvents(days = env.REKEY_RETENTION_DELIVERY_DAYS): Promise<number> {
  if (days === 0) return 0;
  await db.$executeRaw`DELETE FROM mails WHERE created_at < now() - make_interval(days => ${days}::int) AND state <> 'pending'`;
  for (let pruned = 0; ; ) {
    const count = await db.$executeRaw`
      DELETE FROM events WHERE id = ANY(ARRAY(
        SELECT v.id FROM events v WHERE v.created_at < now() - make_interval(days => ${days}::int) AND NOT EXISTS (
          SELECT FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id WHERE d.event_id = v.id AND d.state = 'pending' AND e.is_active)
        ORDER BY v.created_at LIMIT ${AT_ONCE} FOR UPDATE OF v SKIP LOCKED))`;
    pruned += count;
    if (count < AT_ONCE) return pruned;
  }
}
