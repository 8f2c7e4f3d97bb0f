import type { Provider } from '#lib/contract/providers.ts';

/** The lane of a provider: one that does not answer keeps no other waiting. */
export const laneOfProvider = (provider: Provider): string => `integration ${provider}`;
