import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { reachableProjects } from './visible-projects.ts';

/** Refuses who reaches some projects alone where a login is used by others too: what changes it changes their URLs. Throws forbidden. */
export async function requireWholeLogin(tx: Tx, context: Context, databaseId: string): Promise<void> {
  const reachable = reachableProjects(context);
  if (reachable === null) return;
  const others = await tx.project.count({ where: { databaseId, id: { notIn: [...reachable] } } });
  if (others === 0) return;
  const who = context.actor.kind === 'user' ? 'you do not reach' : 'this API key is not for';
  throw new DomainError('forbidden', `This login is also used by projects that ${who}. Nothing was changed. Ask someone who reaches all of them.`);
}
