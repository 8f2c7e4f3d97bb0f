import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ConsumerWire, UpdateConsumerBody } from '#lib/contract/consumer.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, isUniqueViolation } from '#lib/kernel/db.ts';
import { type ConsumerKey, consumerFacts, lockConsumer, nameTaken } from './lock-consumer.ts';
import { CONSUMER_PARTS, consumerToWire } from './to-wire.ts';

/**
 * Changes what is named. Tasks of past rotations stay as they were.
 * @throws {DomainError} not_found, validation_failed where the name is taken
 */
export async function updateConsumer(context: Context, key: ConsumerKey, body: UpdateConsumerBody): Promise<ConsumerWire> {
  try {
    return await db.$transaction(async (tx) => {
      await lockConsumer(tx, context, key);
      const row = await tx.consumer.update({
        where: { id: key.consumerId },
        data: {
          ...(body.name !== undefined && { name: body.name }),
          ...(body.kind !== undefined && { kind: body.kind }),
          ...(body.owner !== undefined && { owner: body.owner || null }),
          ...(body.note !== undefined && { note: body.note || null }),
        },
        include: CONSUMER_PARTS,
      });
      await recordAudit(tx, context, {
        action: 'consumer.updated',
        projectId: key.projectId,
        metadata: { ...consumerFacts(row), fields: Object.keys(body) },
      });
      return consumerToWire(row);
    });
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken() : error;
  }
}
