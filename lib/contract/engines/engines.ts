import type { EngineFacts } from './engine-facts.ts';
import { mysql } from './mysql.ts';
import { postgresql } from './postgresql.ts';

const FACTS = { postgresql, mysql };

export type EngineName = keyof typeof FACTS;

/** What is known of each engine, by the name that the API and the store give it. */
export const ENGINES: Readonly<Record<EngineName, EngineFacts>> = FACTS;

export const ENGINE_NAMES = Object.keys(FACTS) as EngineName[];

/** The engine that the scheme of a URL names; undefined if none does. */
export const engineOfScheme = (scheme: string): EngineName | undefined => ENGINE_NAMES.find((name) => ENGINES[name].url.schemes.includes(scheme));
