import type { Provider } from '#lib/contract/providers/providers.ts';
import { github } from './github/adapter.ts';
import type { Integration } from './integration.ts';
import { netlify } from './netlify/adapter.ts';
import { vercel } from './vercel/adapter.ts';

const INTEGRATIONS: Record<Provider, Integration> = { vercel, netlify, github };

/** The one way to a provider; who asks it depends on the interface alone. */
export const integrationFor = (provider: Provider): Integration => INTEGRATIONS[provider];
