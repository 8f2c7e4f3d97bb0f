import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { type ConsumerKey, consumerFacts, lockConsumer } from './lock-consumer.ts';

/** Takes a consumer off the list. Its tasks stay with their rotations. Throws not_found. */
export async function deleteConsumer(context: Context, key: ConsumerKey): Promise<void> {
  await db.$transaction(async (tx) => {
    const consumer = await lockConsumer(tx, context, key);
    await tx.consumer.delete({ where: { id: consumer.id } });
    await recordAudit(tx, context, { action: 'consumer.deleted', projectId: key.projectId, metadata: consumerFacts(consumer) });
  });
}
