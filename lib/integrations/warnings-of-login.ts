import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { LoginWarningWire } from '#lib/contract/rotation.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { INTEGRATION_PARTS } from './integrations.ts';
import { integrationToWire } from './to-wire.ts';

/** What speaks against a rotation of the login of a project, in every project on it that the actor may see. */
export async function warningsOfLogin(context: Context, projectId: string): Promise<LoginWarningWire[]> {
  const rows = await db.integration.findMany({
    where: { project: { AND: [visibleProjects(context), { database: { projects: { some: { id: projectId } } } }] } },
    include: INTEGRATION_PARTS,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows
    .map(integrationToWire)
    .flatMap(({ id, project_id, rotation_warning: warning }) => (warning ? [{ ...warning, project_id, integration_id: id }] : []));
}
