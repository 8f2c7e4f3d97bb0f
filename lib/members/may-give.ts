import type { MemberRole } from '#generated/prisma/enums.ts';
import { scopesOf, scopesOfRole } from '#lib/access/authorize.ts';
import type { Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';

/** Throws forbidden where who is no owner would touch one. Keys are no owners, whatever their scopes. */
export function refuseTouchingOwner({ actor }: Context, role: MemberRole): void {
  if (role !== 'owner' || (actor.kind === 'user' && actor.role === 'owner')) return;
  throw new DomainError('forbidden', 'Only an owner can add, change or remove an owner. Nothing was changed.');
}

/** Throws forbidden where a role would be given that may do what the giver may not. */
export function refuseGivingBeyondOwn(context: Context, role: MemberRole): void {
  refuseTouchingOwner(context, role);
  const held: readonly string[] = scopesOf(context);
  const missing = scopesOfRole(role).filter((scope) => !held.includes(scope));
  if (missing.length > 0) throw new DomainError('forbidden', `The role ${role} has rights that you lack: ${missing.join(', ')}. Nothing was changed.`);
}
