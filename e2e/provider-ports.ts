import { PROVIDER_NAMES } from '#lib/contract/providers/providers.ts';
import type { ProviderPorts } from '#scripts/testing/provider-fakes.ts';

/** Where Rekey looks for the providers in the browser tests; those that need them start them there. */
export const PROVIDER_PORTS = Object.fromEntries(PROVIDER_NAMES.map((provider, index) => [provider, 3191 + index])) as ProviderPorts;
