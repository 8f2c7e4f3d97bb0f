import type { Context } from '#lib/kernel/context.ts';

/** The projects that the actor is held to: those of a restricted member, the one of a limited key; null: all of the organization. */
export function reachableProjects({ actor }: Context): readonly string[] | null {
  switch (actor.kind) {
    case 'user':
      return actor.projectIds;
    case 'api_key':
      return actor.projectId === null ? null : [actor.projectId];
    case 'system':
      return null;
  }
}

/** The condition on `projects` that every query carries: the organization, and the actor's reach in it. */
export function visibleProjects(context: Context): { organizationId: string; id?: { in: string[] } } {
  const { organizationId } = context;
  const reachable = reachableProjects(context);
  return reachable === null ? { organizationId } : { organizationId, id: { in: [...reachable] } };
}
