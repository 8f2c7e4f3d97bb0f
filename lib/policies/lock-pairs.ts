import type { Tx } from '#lib/kernel/db.ts';

/**
 * Only one transaction at a time may choose windows for logins with the same tag `pair`. The lock is taken last: its holder
 * waits for no other login.
 */
export async function lockPairs(tx: Tx, logins: { organizationId: string; pair: string | null }[]): Promise<void> {
  const keys = logins.flatMap(({ organizationId, pair }) => (pair === null ? [] : `pair ${organizationId} ${pair}`));
  for (const key of [...new Set(keys)].sort()) await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))::text`;
}
