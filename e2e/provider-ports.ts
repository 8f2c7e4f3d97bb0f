import type { ProviderPorts } from '#scripts/testing/provider-fakes.ts';

/** Where Rekey looks for the providers in the browser tests; those that need them start them there. */
export const PROVIDER_PORTS: ProviderPorts = { vercel: 3191, netlify: 3192, github: 3193 };
