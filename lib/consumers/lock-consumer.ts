import type { Consumer } from '#generated/prisma/client.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';

export interface ConsumerKey {
  projectId: string;
  consumerId: string;
}

/** The project's consumer, locked until the transaction ends. Throws not_found. */
export async function lockConsumer(tx: Tx, context: Context, { projectId, consumerId: id }: ConsumerKey): Promise<Consumer> {
  await tx.$queryRaw`SELECT FROM consumers WHERE id = ${id} AND organization_id = ${context.organizationId} FOR UPDATE`;
  const consumer = await tx.consumer.findFirst({ where: { id, projectId, project: visibleProjects(context) } });
  if (!consumer) throw notFound('consumer');
  return consumer;
}

/** What the audit log tells of a consumer. */
export const consumerFacts = ({ id, name, kind }: Consumer) => ({ consumer_id: id, name, kind });

export const nameTaken = () => invalidField('name', 'This project already has a manual consumer of that name. Nothing was changed; choose another name.');
