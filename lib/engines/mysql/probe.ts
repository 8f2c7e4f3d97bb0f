import { placeOf } from '#lib/engines/address.ts';
import { type Endpoint, EngineError, type Login, type Probe, type Protection, type Target } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type LoginProgress, logIn } from './connect.ts';

/** Tries one login and closes it, in at most 8 seconds. Never throws. */
export async function probe(target: Target, endpoint: Endpoint, login: Login, onAccepted?: (protection: Protection) => void): Promise<Probe> {
  const at = storeTime();
  const began = performance.now();
  const progress: LoginProgress = { authenticated: false };
  let error = await attempt(target, endpoint, login, progress, onAccepted);
  // Without its database nobody could be asked whom the login was taken for.
  if (error?.code === 'database_missing') {
    const other = await attempt(withoutDatabase(target, endpoint), endpoint, login, progress);
    if (other?.code === 'wrong_identity') error = other;
  }
  const common = { at, durationMs: Math.round(performance.now() - began) };
  if (error === null) return { ...common, verdict: 'accepted' };
  const failure = error.code;
  if (failure === 'wrong_identity') return { ...common, verdict: 'unknown', failure };
  if (progress.authenticated) return { ...common, verdict: 'accepted', after: failure };
  if (failure === 'password_refused') return { ...common, verdict: 'refused' };
  return { ...common, verdict: 'unknown', failure, ...(error.otherKey && { otherKey: error.otherKey }) };
}

const withoutDatabase = (target: Target, endpoint: Endpoint): Target => ({ ...target, [endpoint]: { ...placeOf(target, endpoint), database: '' } });

async function attempt(
  target: Target,
  endpoint: Endpoint,
  login: Login,
  progress: LoginProgress,
  onAccepted?: (protection: Protection) => void,
): Promise<EngineError | null> {
  try {
    const connection = await logIn(target, endpoint, login, progress);
    void connection.close();
    onAccepted?.(connection.protection);
    return null;
  } catch (error) {
    return error instanceof EngineError ? error : engineError('unexpected');
  }
}
