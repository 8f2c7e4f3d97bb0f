import { visibleProjects } from '#lib/auth/visible-projects.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { SHOWN_PARTS } from './shown-parts.ts';
import { projectToWire } from './to-wire.ts';

/** The projects that the actor may see, by name. Throws not_found for an organization that is not the actor's. */
export async function listProjects(context: Context, organizationId = context.organizationId): Promise<ProjectWire[]> {
  if (organizationId !== context.organizationId) throw notFound('organization');
  const rows = await db.project.findMany({
    where: visibleProjects(context),
    include: SHOWN_PARTS,
    relationLoadStrategy: 'join',
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  return rows.map(projectToWire);
}
