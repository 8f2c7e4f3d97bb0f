import type { Tx } from '#lib/db.ts';

/**
 * Lets one transaction at a time decide which window the logins with the same tag `pair` get. Taken last: whoever holds
 * it waits for no other login.
 */
export async function lockPairs(tx: Tx, logins: { organizationId: string; pair: string | null }[]): Promise<void> {
  const keys = logins.flatMap(({ organizationId, pair }) => (pair === null ? [] : `pair ${organizationId} ${pair}`));
  for (const key of [...new Set(keys)].sort()) await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))::text`;
}
