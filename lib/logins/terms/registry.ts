import type { EngineName } from '#lib/engines/engine.ts';
import { mysql } from './mysql.ts';
import { postgresql } from './postgresql.ts';
import type { Terms } from './terms.ts';

export const TERMS: Readonly<Record<EngineName, Terms>> = { postgresql, mysql };
