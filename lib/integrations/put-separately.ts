import { IntegrationError, type IntegrationFailure, type Refusal, type Variable } from './integration.ts';

/** What one variable of several may be at fault for. */
const OF_ONE_VARIABLE: readonly IntegrationFailure[] = ['value_refused', 'target_conflict', 'managed_elsewhere'];

/**
 * Puts variables in one request; where that is refused for one of them, each in its own, so that the others get there.
 * Every other failure is thrown.
 */
export async function putSeparately(variables: Variable[], put: (some: Variable[]) => Promise<Refusal[]>): Promise<Refusal[]> {
  try {
    return variables.length > 0 ? await put(variables) : [];
  } catch (error) {
    if (!(error instanceof IntegrationError && OF_ONE_VARIABLE.includes(error.code))) throw error;
    if (variables.length === 1) return variables.map(({ name }) => ({ name, code: error.code }));
    const refusals: Refusal[] = [];
    for (const variable of variables) refusals.push(...(await putSeparately([variable], put)));
    return refusals;
  }
}
