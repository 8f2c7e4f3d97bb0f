import type { Prisma } from '#generated/prisma/client.ts';
import type { RoleSession } from '#lib/engines/engine.ts';
import { engineOf } from './counted-engine.ts';
import { loginOf } from './login-of.ts';
import { targetOf, WITH_PLACE } from './target.ts';
import { trustFirstKeys } from './trust-keys.ts';

/** What a login with the current password needs to know of a database. */
export const WITH_CURRENT = { ...WITH_PLACE, credentials: { where: { state: 'current' } } } satisfies Prisma.DatabaseInclude;
type WithCurrent = Prisma.DatabaseGetPayload<{ include: typeof WITH_CURRENT }>;

/** Runs a function in a session as the role, with the stored password. Throws EngineError if the server rejects it or does not answer. */
export async function asRole<T>(database: WithCurrent, projectId: string, act: (session: RoleSession) => Promise<T>): Promise<T> {
  const [current] = database.credentials;
  if (!current) throw new Error('a database without a current credential');
  const target = await trustFirstKeys(database, targetOf(database, projectId));
  const session = await engineOf(database).openSession(target, await loginOf(current));
  try {
    return await act(session);
  } finally {
    await session.close();
  }
}
