import type { EngineName, Inspection, Login, Probe, Rotator, Target } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';
import { db } from '#lib/kernel/db.ts';
import { engineOf, type OnServer } from './counted-engine.ts';
import { allowOneMore } from './failed-logins.ts';

/** What a login and a rotator that are not stored yet may do. Changes nothing. Throws EngineError if the login fails. */
export const inspectLogin = (engine: EngineName, target: Target, login: Login, rotator: Rotator | null): Promise<Inspection> =>
  engineFor(engine).inspect(target, login, rotator);

/** One login through the pooler that is not stored yet; null if there is no pooler. Never throws. */
export const probePooler = async (engine: EngineName, target: Target, login: Login): Promise<Probe | null> =>
  target.pooled === null ? null : engineFor(engine).probe(target, 'pooled', login);

/**
 * What a stored login and a rotator that a person has just given may do. Changes nothing. The person asked for it, so it
 * is tried even if the limit of rejected logins is reached.
 * @throws {EngineError} if the login fails
 */
export async function inspectStored(database: OnServer & { id: string }, target: Target, login: Login, rotator: Rotator): Promise<Inspection> {
  await allowOneMore(db, database.id);
  return engineOf(database).inspect(target, login, rotator);
}
