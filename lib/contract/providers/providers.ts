import { github } from './github.ts';
import { netlify } from './netlify.ts';
import type { ProviderFacts } from './provider-facts.ts';
import { vercel } from './vercel.ts';

const FACTS = { vercel, netlify, github };

export type Provider = keyof typeof FACTS;

/** What is known of each provider, by the name that the API and the store give it. In the order in which they are offered. */
export const PROVIDERS: Readonly<Record<Provider, ProviderFacts>> = FACTS;

export const PROVIDER_NAMES = Object.keys(FACTS) as Provider[];
