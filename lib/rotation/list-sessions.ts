import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { EngineError, type SessionGroup } from '#lib/engines/engine.ts';
import { DomainError, notFound } from '#lib/errors.ts';
import { asRole, WITH_CURRENT } from './as-role.ts';

/** The open sessions of a project's login, read from the server now. Throws 404, or 503 if the server does not answer. */
export async function listSessions({ organizationId }: Context, projectId: string): Promise<SessionGroup[]> {
  const project = await db.project.findFirst({ where: { id: projectId, organizationId }, include: { database: { include: WITH_CURRENT } } });
  if (!project) throw notFound('project');
  try {
    return await asRole(project.database, projectId, (session) => session.listSessions());
  } catch (error) {
    if (error instanceof EngineError) throw new DomainError('unavailable', `${error.message} Nothing was changed; try again when the server answers.`);
    throw error;
  }
}
