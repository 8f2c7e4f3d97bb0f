import { db } from '#lib/kernel/db.ts';

/** Deletes what no limit and no repeated request looks at any more: counts of an hour ago, answers of a day ago. */
export async function forgetOldLimits(): Promise<void> {
  await db.$executeRaw`DELETE FROM rate_limits WHERE window_began_at < now() - interval '1 hour'`;
  await db.$executeRaw`DELETE FROM idempotency_keys WHERE started_at < now() - interval '24 hours'`;
}
