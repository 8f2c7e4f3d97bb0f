import type { Tx } from '#lib/kernel/db.ts';

/** Locks a file for one writer among all our processes, until the transaction ends. */
export async function lockConfig(tx: Tx, path: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`rekey:wp-config:${path}`}, 0))::text`;
}
