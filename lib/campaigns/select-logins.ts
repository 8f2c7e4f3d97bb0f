import { Prisma } from '#generated/prisma/client.ts';
import type { EngineName } from '#generated/prisma/enums.ts';
import type { ProjectSelection } from '#lib/contract/project-list.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { selectProjects } from '#lib/projects/select-projects.ts';

/** A login that a campaign would rotate, through the oldest of the selected projects that use it. */
export interface SelectedLogin {
  databaseId: string;
  serverId: string;
  engine: EngineName;
  roleName: string;
  projectId: string;
  projectName: string;
}

export interface Selected {
  projectIds: string[];
  /** By the name of their project. */
  logins: SelectedLogin[];
  /** Logins whose password is not known or was never proven: a rotation of theirs would be refused. */
  leftOut: number;
}

/**
 * The logins behind a selection of projects, each role of a server once.
 * @throws {DomainError} validation_failed for `project_ids` or `filter`
 */
export async function selectLogins(context: Context, selection: ProjectSelection, tx: Tx = db): Promise<Selected> {
  const projectIds = await selectProjects(context, selection);
  const rows = await tx.$queryRaw<(SelectedLogin & { isReady: boolean })[]>(Prisma.sql`
    SELECT DISTINCT ON (d.login_key) d.id AS "databaseId", d.server_id AS "serverId", s.engine::text AS engine, d.role_name AS "roleName",
      p.id AS "projectId", p.name AS "projectName", d.state IN ('ready', 'rotating_credentials') AS "isReady"
    FROM projects p JOIN databases d ON d.id = p.database_id JOIN servers s ON s.id = d.server_id
    WHERE p.organization_id = ${context.organizationId} AND p.id = ANY(${projectIds}::text[])
    ORDER BY d.login_key, (d.state IN ('ready', 'rotating_credentials')) DESC, p.created_at, p.id`);
  const logins = rows.filter(({ isReady }) => isReady).sort((a, b) => (a.projectName < b.projectName ? -1 : Number(a.projectName > b.projectName)));
  return { projectIds, logins, leftOut: rows.length - logins.length };
}
