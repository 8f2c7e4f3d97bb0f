import { visibleProjects } from '#lib/auth/visible-projects.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { ConsumerWire } from '#lib/http/wire/consumer.ts';
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
