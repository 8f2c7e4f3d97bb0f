import { EngineError, type Login, type Operator } from '#lib/engines/engine.ts';
import { StepFailure } from '#lib/logins/failures.ts';
import { type Attempt, closeEarly, keepOpen } from '#lib/rotation/machine/attempt.ts';
import { mayHaveBeenSent } from '#lib/rotation/machine/states.ts';

/** What the application_name of every attempt at a rotation starts with. */
export const orphanPrefix = (rotationId: string): string => `rekey:${rotationId}:`;

/** Logs in under the attempt's own name. Throws EngineError. */
export async function logInAsOperator(attempt: Attempt, login: Login): Promise<Operator> {
  const { engine, rotator, row, fence } = attempt;
  const byRotator = login === rotator;
  const opening = engine.openOperator(byRotator ? rotator.target : attempt.target, login, `${orphanPrefix(row.id)}${fence}`);
  return keepOpen(
    attempt,
    await opening.catch((error: unknown) => {
      // The rotator's key is trusted only for the rotator.
      throw byRotator && error instanceof EngineError && error.otherKey ? new StepFailure('rotator_key_changed', false, { otherKey: error.otherKey }) : error;
    }),
  );
}

/** Logs in with the first of these that the server accepts. Throws StepFailure if it rejects all. */
export async function openFirst(attempt: Attempt, logins: Login[]): Promise<{ operator: Operator; by: Login }> {
  for (const by of logins) {
    try {
      return { operator: await logInAsOperator(attempt, by), by };
    } catch (error) {
      if (!(error instanceof EngineError && (error.code === 'password_refused' || error.code === 'other_password_held'))) throw error;
    }
  }
  if (attempt.rotator) throw new StepFailure('rotator_refused', false);
  // Before anything was sent, the new password was not tried.
  throw new StepFailure(mayHaveBeenSent(attempt.row.state) ? 'both_refused' : 'current_password_refused', false);
}

/** Logs in as the login that changes the password: the rotator if there is one, else the role itself. */
export async function openOperator(attempt: Attempt): Promise<Operator> {
  return (await openFirst(attempt, [attempt.rotator ?? attempt.current])).operator;
}

/** Logs in, and retries if failed logins have blocked the account and the rotator can unblock it. Throws EngineError. */
export async function unblocking<T>(attempt: Attempt, logIn: () => Promise<T>): Promise<T> {
  try {
    return await logIn();
  } catch (error) {
    if (!(error instanceof EngineError && error.code === 'account_blocked' && attempt.rotator)) throw error;
    await unblock(attempt);
    return logIn();
  }
}

/** Has the rotator unblock the account, no matter who blocked it by failed logins. */
export async function unblock(attempt: Attempt): Promise<void> {
  const operator = await openOperator(attempt);
  await operator.unblock?.(attempt.current.user);
  closeEarly(attempt, operator);
}
