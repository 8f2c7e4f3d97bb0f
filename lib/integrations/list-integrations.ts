import { visibleProjects } from '#lib/auth/visible-projects.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { IntegrationWire } from '#lib/http/wire/integration.ts';
import { INTEGRATION_PARTS } from './load-integration.ts';
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
