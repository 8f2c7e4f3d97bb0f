import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';

/** Revokes an API key: from the next request on it opens nothing. A key revoked before stays as it is. Throws not_found. */
export async function revokeApiKey(context: Context, keyId: string): Promise<void> {
  const { organizationId, actor } = context;
  const told = await db.$transaction(async (tx) => {
    const key = await tx.apiKey.findFirst({ where: { id: keyId, organizationId } });
    if (!key) throw notFound('API key');
    const { count } = await tx.apiKey.updateMany({ where: { id: keyId, revokedAt: null }, data: { revokedAt: new Date(), revokedBy: actor.name } });
    if (count === 0) return [];
    await recordAudit(tx, context, {
      action: 'api_key.revoked',
      ...(key.projectId !== null && { projectId: key.projectId }),
      metadata: { api_key_id: keyId, name: key.name },
    });
    return recordEvent(tx, {
      organizationId,
      projectId: key.projectId,
      type: 'vector.api-key.deleted',
      data: { api_key_id: keyId, name: key.name, requested_by: actor.name },
    });
  });
  await wakeDeliveries(told);
}
