import type { Context } from '#lib/context.ts';

/** The condition on `projects` that every query carries: the organization, and a limited key's one project. */
export function visibleProjects({ organizationId, actor }: Context): { organizationId: string; id?: string } {
  return actor.kind === 'api_key' && actor.projectId !== null ? { organizationId, id: actor.projectId } : { organizationId };
}
