import { placeOf } from '#lib/engines/address.ts';
import { type Endpoint, EngineError, type EngineFailure, type Login, type Probe, type Target } from '#lib/engines/engine.ts';
import { type LoginProgress, logIn } from './connect.ts';

/** Tries one login and closes it, in at most 8 seconds. Never throws. */
export async function probe(target: Target, endpoint: Endpoint, login: Login): Promise<Probe> {
  const at = new Date();
  const began = performance.now();
  const progress: LoginProgress = { authenticated: false };
  let failure = await attempt(target, endpoint, login, progress);
  // Without its database nobody could be asked whom the login was taken for.
  if (failure === 'database_missing') {
    const elsewhere = { ...target, [endpoint]: { ...placeOf(target, endpoint), database: '' } };
    if ((await attempt(elsewhere, endpoint, login, progress)) === 'wrong_identity') failure = 'wrong_identity';
  }
  const common = { at, durationMs: Math.round(performance.now() - began) };
  if (failure === null) return { ...common, verdict: 'accepted' };
  if (failure === 'wrong_identity') return { ...common, verdict: 'unknown', failure };
  if (progress.authenticated) return { ...common, verdict: 'accepted', after: failure };
  return failure === 'password_refused' ? { ...common, verdict: 'refused' } : { ...common, verdict: 'unknown', failure };
}

async function attempt(target: Target, endpoint: Endpoint, login: Login, progress: LoginProgress): Promise<EngineFailure | null> {
  try {
    void (await logIn(target, endpoint, login, progress)).close();
    return null;
  } catch (error) {
    return error instanceof EngineError ? error.code : 'unexpected';
  }
}
