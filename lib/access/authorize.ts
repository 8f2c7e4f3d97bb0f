import type { MemberRole } from '#generated/prisma/enums.ts';
import type { Scope } from '#lib/contract/scopes.ts';
import type { Context } from '#lib/kernel/context.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { type Action, RIGHTS, type Right } from './rights.ts';
import { FRESH_SECONDS } from './session-times.ts';
import { reachableProjects } from './visible-projects.ts';

const refused = (detail: string) => new DomainError('forbidden', `${detail} Nothing was changed.`);
const isFor = (right: { roles: readonly MemberRole[] }, role: MemberRole): boolean => right.roles.includes(role);

/** Whether one of a key's scopes permits it. */
const isInScope = ({ scope, also = [] }: Right, scopes: readonly string[]): boolean =>
  scope === null || [scope, ...also].some((one: string) => scopes.includes(one));

/** The error for a session in which the password was entered too long ago. */
const stale = () =>
  new DomainError(
    'reauthentication_required',
    `Confirm that it is you: this needs your password, entered within the last ${FRESH_SECONDS / 60} minutes. Nothing was changed. Send it to POST /api/v1/me/confirm, then repeat the request; the dashboard asks for it automatically.`,
  );

/** Throws not_found for a project that the actor does not reach, forbidden for a right that needs all. */
function checkReach(context: Context, right: Right, projectId: string | undefined): void {
  const reachable = reachableProjects(context);
  if (reachable === null) return;
  if (!right.isOpenToLimited) throw refused(context.actor.kind === 'user' ? 'You are restricted to some projects.' : 'This API key is limited to one project.');
  if (projectId !== undefined && !reachable.includes(projectId)) throw notFound('project');
}

/**
 * Lets pass or throws `forbidden`, naming what is missing, or `reauthentication_required`. Another organization's id, or a project outside
 * the reach of a restricted member or a limited key, is `not_found`: whether it exists is not told.
 */
export function authorize(context: Context, action: Action, at: { organizationId?: string; projectId?: string } = {}): void {
  const { actor } = context;
  const right: Right = RIGHTS[action];
  if (at.organizationId !== undefined && at.organizationId !== context.organizationId) throw notFound('organization');
  if (actor.kind === 'system') return;
  if (actor.kind === 'user' && !isFor(right, actor.role))
    throw refused(`This needs the role ${right.roles.join(', ').replace(/, (\w+)$/, ' or $1')}; yours is ${actor.role}.`);
  if (actor.kind === 'api_key' && right.isForPeople) throw refused('This is for signed-in people, not for API keys.');
  if (actor.kind === 'api_key' && right.scope !== null && !isInScope(right, actor.scopes)) throw refused(`This API key lacks the scope ${right.scope}.`);
  checkReach(context, right, at.projectId);
  if (actor.kind === 'user' && right.needsFreshSession && !actor.isFresh) throw stale();
}

const scopesIn = (rights: { scope: Scope | null }[]): Scope[] => [...new Set(rights.map(({ scope }) => scope).filter((scope) => scope !== null))];

/** The actions that are a role's, by the table. */
export const actionsOfRole = (role: MemberRole): Action[] => (Object.keys(RIGHTS) as Action[]).filter((action) => isFor(RIGHTS[action], role));

/** What members of a role may do, where nothing restricts them, in the words of API key scopes. */
export const scopesOfRole = (role: MemberRole): Scope[] => scopesIn(Object.values(RIGHTS).filter((right) => isFor(right, role)));

/** What an actor may do, in the words of API key scopes. */
export function scopesOf(context: Context): string[] {
  const { actor } = context;
  if (actor.kind === 'api_key') return [...actor.scopes];
  const isLimited = reachableProjects(context) !== null;
  return scopesIn(Object.values(RIGHTS).filter((right) => actor.kind === 'system' || (isFor(right, actor.role) && (right.isOpenToLimited || !isLimited))));
}

/** Whether a key with this scope could do nothing that the actor may not do. True for a scope that permits nothing. */
export function holdsScope(context: Context, scope: string): boolean {
  const { actor } = context;
  const held = scopesOf(context);
  if (actor.kind === 'system' || held.includes(scope)) return true;
  return (Object.values(RIGHTS) as Right[])
    .filter((right) => right.scope === scope || right.also?.some((one) => one === scope))
    .every((right) => isInScope(right, held));
}
