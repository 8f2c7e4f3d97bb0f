import { EngineError, type Probe, type RoleSession } from '#lib/engines/engine.ts';
import { type Attempt, keepOpen, nextLogin } from './attempt.ts';

/**
 * Logs in directly with the new password: the proof and the session in one. Null on the server's definite refusal;
 * throws EngineError where the server gave no answer. The session is kept for the attempt's later steps.
 */
export async function openNew(attempt: Attempt): Promise<{ session: RoleSession; probe: Probe } | null> {
  const started = performance.now();
  try {
    const session = attempt.held.newSession ?? keepOpen(attempt, await attempt.engine.openSession(attempt.target, nextLogin(attempt)));
    attempt.held.newSession = session;
    return { session, probe: { verdict: 'accepted', at: new Date(), durationMs: performance.now() - started } };
  } catch (error) {
    if (error instanceof EngineError && error.code === 'password_refused') return null;
    throw error;
  }
}
