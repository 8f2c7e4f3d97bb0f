import type { Engine, EngineName } from './engine.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';

const ENGINES: Readonly<Record<EngineName, Engine>> = { postgresql: postgres, mysql };

/** The engine of that name. */
export const engineFor = (name: EngineName): Engine => ENGINES[name];
