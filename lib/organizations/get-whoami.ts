import { scopesOf } from '#lib/access/authorize.ts';
import type { WhoamiWire } from '#lib/contract/vector/account.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { getOrganization } from './get-organization.ts';

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
