import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';

/** Revokes an API key: from the next request on it opens nothing. A key revoked before stays as it is. Throws not_found. */
export async function revokeApiKey(context: Context, keyId: string): Promise<void> {
  const { organizationId } = context;
  await db.$transaction(async (tx) => {
    const key = await tx.apiKey.findFirst({ where: { id: keyId, organizationId } });
    if (!key) throw notFound('API key');
    const { count } = await tx.apiKey.updateMany({ where: { id: keyId, revokedAt: null }, data: { revokedAt: new Date() } });
    if (count === 0) return;
    await recordAudit(tx, context, {
      action: 'api_key.revoked',
      ...(key.projectId !== null && { projectId: key.projectId }),
      metadata: { api_key_id: keyId, name: key.name },
    });
  });
}
