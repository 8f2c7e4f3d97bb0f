import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { ConsumerWire } from '#lib/contract/consumer.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { CONSUMER_PARTS, consumerToWire } from './to-wire.ts';

/** Who holds a project's URL and has to be told by a person, by name, each with its task of the last rotation. Throws not_found. */
export async function listConsumers(context: Context, projectId: string): Promise<ConsumerWire[]> {
  const project = await db.project.findFirst({
    where: { AND: [visibleProjects(context), { id: projectId }] },
    select: { consumers: { include: CONSUMER_PARTS, orderBy: [{ name: 'asc' }] } },
  });
  if (!project) throw notFound('project');
  return project.consumers.map(consumerToWire);
}
