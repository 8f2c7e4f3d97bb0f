import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';

/** Adds the first member, as owner. Call it under the set-up lock. */
export async function createOwner(tx: Tx, organizationId: string, email: string, passwordHash: string): Promise<{ id: string; email: string }> {
  const user = { id: newId('usr'), email: email.trim().toLowerCase() };
  await tx.user.create({ data: { ...user, passwordHash, members: { create: { organizationId, role: 'owner' } } } });
  return user;
}
