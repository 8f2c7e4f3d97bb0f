import { DomainError, invalidField } from '#lib/kernel/errors.ts';
import { failureText } from './failures.ts';
import { classOf, IntegrationError } from './integration.ts';

/**
 * Asks a provider while somebody waits for the answer.
 * @throws {DomainError} validation_failed naming `placeField` or the token, provider_failed
 */
export async function askProvider<T>(ask: () => Promise<T>, placeField: string): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    const text = `${failureText(error.code, { isOver: true })} Nothing was changed.`;
    if (classOf(error.code) === 'auth') throw invalidField('token', text);
    if (error.code === 'place_missing') throw invalidField(placeField, text);
    throw new DomainError('provider_failed', text);
  }
}
