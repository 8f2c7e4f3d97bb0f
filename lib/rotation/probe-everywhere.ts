import type { Endpoint, Engine, Login, Probe, Target } from '#lib/engines/engine.ts';

export type Answers = { endpoint: Endpoint; probe: Probe }[];

/** Tries a login wherever logins come in, at once, or at the one endpoint named: no answer where there is no such. Never throws. */
export function probeEverywhere({ engine, target }: { engine: Engine; target: Target }, login: Login, only?: Endpoint): Promise<Answers> {
  const all: Endpoint[] = target.pooled === null ? ['direct'] : ['direct', 'pooled'];
  const endpoints = all.filter((endpoint) => !only || endpoint === only);
  return Promise.all(endpoints.map(async (endpoint) => ({ endpoint, probe: await engine.probe(target, endpoint, login) })));
}
