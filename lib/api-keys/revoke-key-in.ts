import type { ApiKey } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';

/** Revokes a key inside a transaction. Answers whom to wake after the commit; nobody where it was revoked before. */
export async function revokeKeyIn(tx: Tx, context: Context, { id, name, projectId }: ApiKey): Promise<Message<'webhook.deliver'>[]> {
  const { organizationId, actor } = context;
  const { count } = await tx.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: storeTime(), revokedBy: actor.name } });
  if (count === 0) return [];
  await recordAudit(tx, context, { action: 'api_key.revoked', ...(projectId !== null && { projectId }), metadata: { api_key_id: id, name } });
  return recordEvent(tx, { organizationId, projectId, type: 'vector.api-key.deleted', data: { api_key_id: id, name, requested_by: actor.name } });
}
