import type { Engine, EngineName } from './engine.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';

/** The engine of that name. */
export function engineFor(name: EngineName): Engine {
  switch (name) {
    case 'postgresql':
      return postgres;
    case 'mysql':
      return mysql;
  }
}
