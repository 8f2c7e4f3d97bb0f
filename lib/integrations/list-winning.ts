import { type Integration, IntegrationError, type OwnTarget, type Place } from './integration.ts';

/** The targets of a place that hold variables of their own; null where the provider does not say now. */
export async function listWinning(adapter: Integration, place: Place): Promise<OwnTarget[] | null> {
  try {
    return (await adapter.listOwnTargets(place)).filter(({ variables }) => variables.length > 0);
  } catch (error) {
    if (error instanceof IntegrationError) return null;
    throw error;
  }
}
