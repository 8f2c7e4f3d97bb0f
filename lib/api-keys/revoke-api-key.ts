import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { revokeKeyIn } from './revoke-key-in.ts';

/** Revokes an API key: from the next request on it opens nothing. A key revoked before stays as it is. Throws not_found. */
export async function revokeApiKey(context: Context, keyId: string): Promise<void> {
  const told = await db.$transaction(async (tx) => {
    const key = await tx.apiKey.findFirst({ where: { id: keyId, organizationId: context.organizationId } });
    if (!key) throw notFound('API key');
    return revokeKeyIn(tx, context, key);
  });
  await wakeDeliveries(told);
}
