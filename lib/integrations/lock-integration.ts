import type { Tx } from '#lib/kernel/db.ts';

/**
 * Locks an integration until the transaction ends, so that a rotation that completes and a sync that finishes see each
 * other. The login comes first, as everywhere: nobody waits for one who waits for him. False where it is gone.
 */
export async function lockIntegration(tx: Tx, id: string): Promise<boolean> {
  await tx.$queryRaw`
    SELECT FROM databases d JOIN projects p ON p.database_id = d.id JOIN integrations i ON i.project_id = p.id WHERE i.id = ${id} FOR KEY SHARE OF d`;
  const locked = await tx.$queryRaw<unknown[]>`SELECT FROM integrations WHERE id = ${id} FOR UPDATE`;
  return locked.length === 1;
}
