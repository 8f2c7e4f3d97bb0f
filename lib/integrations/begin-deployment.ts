import { IntegrationError, type IntegrationFailure } from './integration.ts';

/** What is at fault is the way to a deployment, where the same answer to a variable would speak of the place or the value. */
const OF_THE_WAY: readonly IntegrationFailure[] = ['place_missing', 'value_refused'];

/** Begins a deployment; throws deployment_refused where the provider knows nothing of what is to be begun. */
export async function beginDeployment<T>(begin: () => Promise<T>): Promise<T> {
  try {
    return await begin();
  } catch (error) {
    if (error instanceof IntegrationError && OF_THE_WAY.includes(error.code)) throw new IntegrationError('deployment_refused');
    throw error;
  }
}
