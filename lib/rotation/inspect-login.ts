import type { EngineName, Inspection, Login, Rotator, Target } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';

/** What a login and a rotator that are not stored yet may do. Changes nothing. Throws EngineError if the login fails. */
export const inspectLogin = (engine: EngineName, target: Target, login: Login, rotator: Rotator): Promise<Inspection> =>
  engineFor(engine).inspect(target, login, rotator);
