import { scopesOf } from '#lib/access/authorize.ts';
import type { MeWire } from '#lib/contract/account.ts';
import type { AccountWire, WhoamiWire } from '#lib/contract/vector/account.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { countSites } from '#lib/sites/count-sites.ts';
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

/** The organization in the words of the sites dialect, and what the asker may do. */
export async function getAccount(context: Context): Promise<AccountWire> {
  const organization = await getOrganization(context);
  const { id, name } = organization;
  return { ...organization, abilities: scopesOf(context), account: { id, name }, ...(await countSites(context)) };
}

/** Whose login the request carries, in the words of the sites dialect. */
export async function getWhoami(context: Context): Promise<WhoamiWire> {
  const { actor } = context;
  const [{ id, name }, user, key] = await Promise.all([
    getOrganization(context),
    actor.kind === 'user' ? db.user.findUniqueOrThrow({ where: { id: actor.id }, select: { id: true, email: true } }) : null,
    actor.kind === 'api_key' ? db.apiKey.findUniqueOrThrow({ where: { id: actor.id } }) : null,
  ]);
  return {
    user: user && { ...user, name: actor.name },
    token: key && {
      name: key.name,
      abilities: scopesOf(context),
      expires_at: key.expiresAt?.toISOString() ?? null,
      last_used_at: key.lastUsedAt?.toISOString() ?? null,
    },
    account: { id, name },
  };
}
