import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { INTEGRATION_PARTS } from './integrations.ts';
import { integrationToWire } from './to-wire.ts';

/** The integrations of a project with the state of each target, oldest first. Throws not_found. */
export async function listIntegrations(context: Context, projectId: string): Promise<IntegrationWire[]> {
  const project = await db.project.findFirst({
    where: { AND: [visibleProjects(context), { id: projectId }] },
    include: { integrations: { include: INTEGRATION_PARTS, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
  });
  if (!project) throw notFound('project');
  return project.integrations.map(integrationToWire);
}
