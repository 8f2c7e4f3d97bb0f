import type { Endpoint, Engine, Login, Probe, Protection, Target } from '#lib/engines/engine.ts';

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
