import { type Endpoint, EngineError, type Login, type Probe, type Target } from '#lib/engines/engine.ts';
import { type LoginProgress, logIn } from './connect.ts';

/** Tries one login and closes it, in at most 8 seconds. Never throws. */
export async function probe(target: Target, endpoint: Endpoint, login: Login): Promise<Probe> {
  const at = new Date();
  const began = performance.now();
  const progress: LoginProgress = { authenticated: false };
  const failure = await logIn(target, endpoint, login, progress).then(
    (connection) => {
      void connection.close();
      return null;
    },
    (error: unknown) => (error instanceof EngineError ? error.code : ('unexpected' as const)),
  );
  const common = { at, durationMs: Math.round(performance.now() - began) };
  if (failure === null) return { ...common, verdict: 'accepted' };
  if (failure === 'wrong_identity') return { ...common, verdict: 'unknown', failure };
  if (progress.authenticated) return { ...common, verdict: 'accepted', after: failure };
  return failure === 'password_refused' ? { ...common, verdict: 'refused' } : { ...common, verdict: 'unknown', failure };
}
