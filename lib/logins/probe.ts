import type { Prisma } from '#generated/prisma/client.ts';
import type { Endpoint, Engine, Login, Probe, Protection, RoleSession, Target } from '#lib/engines/engine.ts';
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

/** `protection` is what protected an accepted login. */
export type Answers = { endpoint: Endpoint; probe: Probe; protection?: Protection | undefined }[];

/** Tries a login at every endpoint at once, or only at those that are asked. */
export function probeEverywhere(
  { engine, target }: { engine: Engine; target: Target },
  login: Login,
  isAsked: (endpoint: Endpoint) => boolean = () => true,
): Promise<Answers> {
  const all: Endpoint[] = target.pooled === null ? ['direct'] : ['direct', 'pooled'];
  const endpoints = all.filter(isAsked);
  return Promise.all(
    endpoints.map(async (endpoint) => {
      let protection: Protection | undefined;
      const probe = await engine.probe(target, endpoint, login, (found) => {
        protection = found;
      });
      return { endpoint, probe, protection };
    }),
  );
}
