import type { Context, Scope } from '#lib/context.ts';
import { DomainError, notFound } from '#lib/errors.ts';
import { type Action, RIGHTS } from './rights.ts';

const refused = (detail: string) => new DomainError('forbidden', `${detail} Nothing was changed.`);

/**
 * Lets pass or throws `forbidden`, naming what is missing. Another organization's id, or a project outside
 * a limited key's reach, is `not_found`: whether it exists is not told.
 */
export function authorize(context: Context, action: Action, at: { organizationId?: string; projectId?: string } = {}): void {
  const { actor } = context;
  const right = RIGHTS[action];
  if (at.organizationId !== undefined && at.organizationId !== context.organizationId) throw notFound('organization');
  if (actor.kind === 'system') return;
  if (actor.kind === 'user') {
    if (!(right.roles as readonly string[]).includes(actor.role))
      throw refused(`This needs the role ${right.roles.join(', ').replace(/, (\w+)$/, ' or $1')}; yours is ${actor.role}.`);
    return;
  }
  if (right.scope !== null && !actor.scopes.includes(right.scope)) throw refused(`This API key lacks the scope ${right.scope}.`);
  if (actor.projectId === null) return;
  if (!right.isOpenToLimitedKeys) throw refused('This API key is limited to one project.');
  if (at.projectId !== undefined && at.projectId !== actor.projectId) throw notFound('project');
}

/** What an actor may do, in the words of API key scopes. */
export function scopesOf({ actor }: Context): Scope[] {
  if (actor.kind === 'api_key') return actor.scopes;
  const held = Object.values(RIGHTS).filter((right) => actor.kind === 'system' || (right.roles as readonly string[]).includes(actor.role));
  return [...new Set(held.map((right) => right.scope).filter((scope) => scope !== null))];
}
