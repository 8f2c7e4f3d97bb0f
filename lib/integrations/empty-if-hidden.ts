import { IntegrationError } from './integration.ts';

/** What stands in for a list that the token may not see, or that is not there. Throws every other failure. */
export const emptyIfHidden =
  <T>(none: T) =>
  (error: unknown): T => {
    if (error instanceof IntegrationError && ['permission_missing', 'place_missing'].includes(error.code)) return none;
    throw error;
  };
