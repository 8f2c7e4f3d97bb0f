import type { Tx } from '#lib/kernel/db.ts';

/** Deletes a login that no project uses, with its passwords and its past, and then its server where no login is left on it. */
export async function forgetUnused(tx: Tx, { id, serverId }: { id: string; serverId: string }): Promise<void> {
  if ((await tx.project.count({ where: { databaseId: id } })) === 0) {
    // Rotations point at credentials: they go first.
    await tx.rotation.deleteMany({ where: { databaseId: id } });
    await tx.database.delete({ where: { id } });
  }
  if ((await tx.database.count({ where: { serverId } })) === 0) await tx.server.delete({ where: { id: serverId } });
}
