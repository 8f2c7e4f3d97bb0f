import { revokeKeyIn } from '#lib/api-keys/revoke-key-in.ts';
import { cancelIn } from '#lib/imports/cancel-import.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import type { Message } from '#lib/queue/jobs.ts';

export interface AccessEnded {
  sessions: number;
  apiKeys: number;
  /** Whom to wake after the commit. */
  told: Message<'webhook.deliver'>[];
}

/**
 * Ends all that a member holds, in the transaction that takes something from them: their sessions, the API keys that they
 * or keys of theirs have made, the invitations whose links they know, and what is left of their imports. Call it with the member locked.
 */
export async function endAccess(tx: Tx, context: Context, userId: string): Promise<AccessEnded> {
  const { organizationId } = context;
  const { count } = await tx.session.updateMany({ where: { organizationId, userId, revokedAt: null }, data: { revokedAt: storeTime() } });
  const keys = await tx.apiKey.findMany({ where: { organizationId, createdByUserId: userId }, orderBy: { id: 'asc' } });
  const alive = keys.filter(({ revokedAt, expiresAt }) => !revokedAt && !(expiresAt && expiresAt <= storeTime()));
  const told: Message<'webhook.deliver'>[] = [];
  for (const key of alive) told.push(...(await revokeKeyIn(tx, context, key)));
  const actors = [userId, ...keys.map(({ id }) => id)];
  await tx.invitation.deleteMany({ where: { organizationId, invitedById: { in: actors } } });
  await cancelIn(tx, context, await tx.import.findMany({ where: { organizationId, requestedById: { in: actors }, finishedAt: null } }));
  return { sessions: count, apiKeys: alive.length, told };
}
