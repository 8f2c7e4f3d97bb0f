import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { EngineError, OWN_APPLICATION, type SessionGroup } from '#lib/engines/engine.ts';
import { DomainError, notFound } from '#lib/errors.ts';
import { asRole, WITH_CURRENT } from './as-role.ts';

/** The open sessions of a project's login, read from the server now; `isOwn`: by its name, left in the pooler by a check of Rekey. Throws 404, or 503 if the server does not answer. */
export async function listSessions({ organizationId }: Context, projectId: string): Promise<(SessionGroup & { isOwn: boolean })[]> {
  const project = await db.project.findFirst({ where: { id: projectId, organizationId }, include: { database: { include: WITH_CURRENT } } });
  if (!project) throw notFound('project');
  try {
    const groups = await asRole(project.database, projectId, (session) => session.listSessions());
    return groups.map((group) => ({ ...group, isOwn: group.application === OWN_APPLICATION }));
  } catch (error) {
    if (error instanceof EngineError) throw new DomainError('unavailable', `${error.message} Nothing was changed; try again when the server answers.`);
    throw error;
  }
}
