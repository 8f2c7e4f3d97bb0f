import { EngineError, type Login, type Operator } from '#lib/engines/engine.ts';
import { type Attempt, keepOpen } from './attempt.ts';
import { StepFailure } from './failures.ts';

/** What the application_name of every attempt at a rotation starts with. */
export const orphanPrefix = (rotationId: string): string => `rekey:${rotationId}:`;

/** Logs in under the attempt's own name. Throws EngineError. */
export async function logInAsOperator(attempt: Attempt, login: Login): Promise<Operator> {
  const { engine, target, row, fence } = attempt;
  return keepOpen(attempt, await engine.openOperator(target, login, `${orphanPrefix(row.id)}${fence}`));
}

/**
 * Logs in as whoever changes the password: the rotator where there is one, else the role itself with the first of
 * `own` that the server accepts.
 */
export async function openOperator(attempt: Attempt, own: Login[]): Promise<Operator> {
  const { rotator } = attempt;
  for (const login of rotator ? [rotator] : own) {
    try {
      return await logInAsOperator(attempt, login);
    } catch (error) {
      if (!(error instanceof EngineError && error.code === 'password_refused')) throw error;
    }
  }
  throw new StepFailure(rotator ? 'rotator_refused' : 'both_refused', false);
}
