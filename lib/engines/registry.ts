import type { Engine, EngineName } from './engine.ts';
import { postgres } from './postgres.ts';

/** The engine of that name. */
export function engineFor(name: EngineName): Engine {
  if (name === 'postgresql') return postgres;
  throw new RangeError(`Rekey does not speak to ${name} servers yet.`);
}
