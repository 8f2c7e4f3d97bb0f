import type { Prisma } from '#generated/prisma/client.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';

export const PROJECT_PARTS = {
  database: { include: { server: true, credentials: { where: { state: 'current' } } } },
} as const satisfies Prisma.ProjectInclude;

export type ProjectRow = Prisma.ProjectGetPayload<{ include: typeof PROJECT_PARTS }>;

/**
 * A project with its login, server and current credential.
 * @throws {DomainError} not_found, also for another organization's and for one outside a limited key's reach.
 */
export async function loadProject(context: Context, projectId: string, tx: Tx = db): Promise<ProjectRow> {
  const row = await tx.project.findFirst({ where: { AND: [visibleProjects(context), { id: projectId }] }, include: PROJECT_PARTS });
  if (!row) throw notFound('project');
  return row;
}

/** The one current credential; every login has one at all times. */
export function currentCredential({ database }: ProjectRow): ProjectRow['database']['credentials'][number] {
  const current = database.credentials.find(({ state }) => state === 'current');
  if (!current) throw new Error('a login without a current credential');
  return current;
}
