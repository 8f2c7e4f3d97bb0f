import type { Actor, Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';

/** Who is signed in. Throws forbidden for whoever is no person; rights marked `isForPeople` have refused them before. */
export function signedInMember({ actor }: Context): Extract<Actor, { kind: 'user' }> {
  if (actor.kind !== 'user') throw new DomainError('forbidden', 'This is for signed-in people. Nothing was changed.');
  return actor;
}
