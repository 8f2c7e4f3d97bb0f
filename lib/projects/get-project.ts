import { visibleProjects } from '#lib/auth/visible-projects.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { projectsOnServer } from './projects-on-server.ts';
import { SHOWN_PARTS } from './shown-parts.ts';
import { projectToWire } from './to-wire.ts';

/** One project. Throws not_found. */
export async function getProject(context: Context, projectId: string): Promise<ProjectWire> {
  const where = { AND: [visibleProjects(context), { id: projectId }] };
  const row = await db.project.findFirst({ where, include: SHOWN_PARTS, relationLoadStrategy: 'join' });
  if (!row) throw notFound('project');
  const all = await projectsOnServer(db, row.database, visibleProjects(context));
  return { ...projectToWire(row), rotator_projects: all };
}
