import { visibleProjects } from '#lib/access/visible-projects.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ConsumerWire, CreateConsumerBody } from '#lib/contract/consumer.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, isUniqueViolation } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { consumerFacts, nameTaken } from './lock-consumer.ts';
import { consumerToWire } from './to-wire.ts';

/**
 * Writes down who holds a project's URL and has to be told by a person. From the next rotation on it is a task of it.
 * @throws {DomainError} not_found, validation_failed where the name is taken
 */
export async function createConsumer(context: Context, projectId: string, body: CreateConsumerBody): Promise<ConsumerWire> {
  const { organizationId } = context;
  const data = { id: newId('con'), organizationId, projectId, name: body.name, kind: body.kind, owner: body.owner || null, note: body.note || null };
  try {
    return await db.$transaction(async (tx) => {
      const project = await tx.project.findFirst({ where: { AND: [visibleProjects(context), { id: projectId }] }, select: { id: true } });
      if (!project) throw notFound('project');
      const row = await tx.consumer.create({ data });
      await recordAudit(tx, context, { action: 'consumer.created', projectId, metadata: consumerFacts(row) });
      return consumerToWire({ ...row, tasks: [] });
    });
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken() : error;
  }
}
