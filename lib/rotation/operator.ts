import { EngineError, type Login, type Operator } from '#lib/engines/engine.ts';
import { type Attempt, keepOpen } from './attempt.ts';
import { StepFailure } from './failures.ts';
import { mayHaveBeenSent } from './states.ts';

/** What the application_name of every attempt at a rotation starts with. */
export const orphanPrefix = (rotationId: string): string => `rekey:${rotationId}:`;

/** Logs in under the attempt's own name. Throws EngineError. */
export async function logInAsOperator(attempt: Attempt, login: Login): Promise<Operator> {
  const { engine, rotator, row, fence } = attempt;
  const target = login === rotator ? rotator.target : attempt.target;
  return keepOpen(attempt, await engine.openOperator(target, login, `${orphanPrefix(row.id)}${fence}`));
}

/** Logs in as the first of these that the server accepts. Throws StepFailure where it refuses all. */
export async function openFirst(attempt: Attempt, logins: Login[]): Promise<{ operator: Operator; by: Login }> {
  for (const by of logins) {
    try {
      return { operator: await logInAsOperator(attempt, by), by };
    } catch (error) {
      if (!(error instanceof EngineError && error.code === 'password_refused')) throw error;
    }
  }
  if (attempt.rotator) throw new StepFailure('rotator_refused', false);
  // Before anything was sent the new one was not asked.
  throw new StepFailure(mayHaveBeenSent(attempt.row.state) ? 'both_refused' : 'current_password_refused', false);
}

/** Logs in as whoever changes the password: the rotator where there is one, else the role itself. */
export async function openOperator(attempt: Attempt): Promise<Operator> {
  return (await openFirst(attempt, [attempt.rotator ?? attempt.current])).operator;
}
