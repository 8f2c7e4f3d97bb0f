import { EngineError } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Attempt, keepOpen, nextLogin, type OpenedNew } from '#lib/rotation/machine/attempt.ts';
import { unblocking } from './operator.ts';

/**
 * Logs in directly with the new password: the proof and the session in one, opened once per attempt. Null if the
 * server definitely rejects it; throws EngineError if the server gives no answer.
 */
export function openNew(attempt: Attempt): Promise<OpenedNew | null> {
  attempt.held.opening ??= logIn(attempt);
  attempt.held.opening.then(
    (opened) => opened?.session ?? forget(attempt),
    () => forget(attempt),
  );
  return attempt.held.opening;
}

/** Only an open login is kept: a refusal may be another one's after the next change. */
function forget({ held }: Attempt): void {
  held.opening = undefined;
}

async function logIn(attempt: Attempt): Promise<OpenedNew | null> {
  const { engine, target } = attempt;
  const login = nextLogin(attempt);
  const started = performance.now();
  try {
    const session = keepOpen(attempt, await unblocking(attempt, () => engine.openSession(target, login)));
    return { session, probe: { verdict: 'accepted', at: storeTime(), durationMs: performance.now() - started, handshake: session.handshake } };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.code === 'password_refused' || error.code === 'other_password_held') return null;
    // A role's connection limit is checked after its password, so the login still proves the password.
    const probe = error.code === 'server_full' ? await engine.probe(target, 'direct', login) : null;
    if (probe?.verdict !== 'accepted') throw error;
    return { session: null, probe };
  }
}
