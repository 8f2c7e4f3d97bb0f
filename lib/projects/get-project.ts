import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { warningsOfLogin } from '#lib/integrations/warnings-of-login.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { FAILED_LOGINS_LIMIT, FAILED_LOGINS_WINDOW_S, type FailedLogins, readFailedLogins } from '#lib/logins/failed-logins.ts';
import { projectsOnServer } from './join-server.ts';
import { SHOWN_PARTS } from './shown-parts.ts';
import { projectToWire } from './to-wire.ts';

const failedLoginsToWire = ({ count, nextAt }: FailedLogins): ProjectWire['failed_logins'] => ({
  count,
  limit: FAILED_LOGINS_LIMIT,
  window_seconds: FAILED_LOGINS_WINDOW_S,
  next_login_at: nextAt?.toISOString() ?? null,
});

/** One project. Throws not_found. */
export async function getProject(context: Context, projectId: string): Promise<ProjectWire> {
  const where = { AND: [visibleProjects(context), { id: projectId }] };
  const row = await db.project.findFirst({ where, include: SHOWN_PARTS, relationLoadStrategy: 'join' });
  if (!row) throw notFound('project');
  const [all, failed, warnings] = await Promise.all([
    projectsOnServer(db, row.database, visibleProjects(context)),
    readFailedLogins(db, row.databaseId),
    warningsOfLogin(context, projectId),
  ]);
  return { ...projectToWire(row), rotator_projects: all, failed_logins: failedLoginsToWire(failed), warnings };
}
