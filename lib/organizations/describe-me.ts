import { scopesOf } from '#lib/access/authorize.ts';
import type { MeWire } from '#lib/contract/account.ts';
import type { Context } from '#lib/kernel/context.ts';
import { getOrganization } from './get-organization.ts';

/** Who is asking, and what they may do. */
export async function describeMe(context: Context): Promise<MeWire> {
  const { actor } = context;
  const organization = await getOrganization(context);
  const common = { organization_id: organization.id, scopes: scopesOf(context) };
  if (actor.kind !== 'user') return { organization, principal: { ...common, auth_source: 'api_key', is_admin: false } };
  const { id: user_id, name: email, role, projectIds } = actor;
  const restricted = projectIds !== null && { project_ids: [...projectIds] };
  return {
    organization,
    principal: { ...common, auth_source: 'session', user_id, email, role, ...restricted, is_admin: role === 'owner' || role === 'admin' },
  };
}
