import type { Tx } from '#lib/kernel/db.ts';

/** One set-up at a time, over all processes, until the transaction ends. */
export async function lockSetUp(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('rekey set-up'))`;
}
