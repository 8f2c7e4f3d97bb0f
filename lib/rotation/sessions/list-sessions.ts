import { EngineError, OWN_APPLICATION, type SessionGroup } from '#lib/engines/engine.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { asRole, WITH_CURRENT } from '#lib/logins/probe.ts';

/** `isOwn`: by its name, left in the pooler by a check of Rekey. */
export type ListedSessions = (SessionGroup & { isOwn: boolean })[];

export const markOwn = (groups: SessionGroup[]): ListedSessions => groups.map((group) => ({ ...group, isOwn: group.application === OWN_APPLICATION }));

/** The error of the API for sessions that the server did not list. */
export const asUnlisted = (error: unknown): unknown =>
  error instanceof EngineError ? new DomainError('unavailable', `${error.message} Nothing was changed; try again when the server answers.`) : error;

/** The open sessions of a project's login, read from the server now. Throws 404, or 503 if the server does not answer. */
export async function listSessions({ organizationId }: Context, projectId: string): Promise<ListedSessions> {
  const project = await db.project.findFirst({ where: { id: projectId, organizationId }, include: { database: { include: WITH_CURRENT } } });
  if (!project) throw notFound('project');
  try {
    return markOwn(await asRole(project.database, projectId, (session) => session.listSessions()));
  } catch (error) {
    throw asUnlisted(error);
  }
}
