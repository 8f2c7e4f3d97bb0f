import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { seenCredentials } from './seen-credentials.ts';

/** Writes down, with a member's removal, what they have seen that still counts. Null where that is nothing. */
export async function openDeparture(tx: Tx, context: Context, who: { userId: string; email: string }): Promise<string | null> {
  const { organizationId, actor } = context;
  const seen = await seenCredentials(tx, context, [who.userId]);
  if (seen.length === 0) return null;
  const id = newId('dep');
  await tx.departure.create({ data: { id, organizationId, ...who, removedBy: actor.name } });
  const rows = seen.map(({ databaseId, versions }) => ({ organizationId, departureId: id, databaseId, versions }));
  await tx.departureCredential.createMany({ data: rows });
  return id;
}
