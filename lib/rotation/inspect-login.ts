import type { EngineName, Inspection, Login, Probe, Rotator, Target } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';

/** What a login and a rotator that are not stored yet may do. Changes nothing. Throws EngineError if the login fails. */
export const inspectLogin = (engine: EngineName, target: Target, login: Login, rotator: Rotator | null): Promise<Inspection> =>
  engineFor(engine).inspect(target, login, rotator);

/** One login through the pooler that is not stored yet; null if there is no pooler. Never throws. */
export const probePooler = async (engine: EngineName, target: Target, login: Login): Promise<Probe | null> =>
  target.pooled === null ? null : engineFor(engine).probe(target, 'pooled', login);
