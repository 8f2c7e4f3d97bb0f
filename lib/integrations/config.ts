import { z } from 'zod';
import { ENGINES, type EngineName } from '#lib/contract/engines/engines.ts';
import { VARIABLE_PRESETS, type VariableWire, variable } from '#lib/contract/integration.ts';
import { PROVIDERS, type Provider } from '#lib/contract/providers/providers.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import type { Integration } from './integration.ts';

/** What stands in `integrations.config`. */
const storedConfig = z.object({ variables: z.array(variable), workflow: z.string().nullable(), ref: z.string().nullable() });
export type StoredConfig = z.infer<typeof storedConfig>;

export const readConfig = (config: unknown): StoredConfig => storedConfig.parse(config);

/**
 * What is written where a person chose nothing. No spelling of a TLS mode is read right by every driver, so each engine
 * has the one that no usual driver reads as less.
 */
export const defaultVariables = (engine: EngineName): VariableWire[] => [...VARIABLE_PRESETS[ENGINES[engine].variables]];

const valuesOf = (targets: readonly { value: string }[]): string[] => targets.map(({ value }) => value);

/** The targets that a person may choose from; `previews`: what `preview_branches` adds. */
export const targetsOf = (provider: Provider): { all: string[]; default: string[]; previews: string[] } => {
  const { targets } = PROVIDERS[provider];
  return {
    all: valuesOf(targets),
    default: valuesOf(targets.filter(({ isDefault }) => isDefault)),
    previews: valuesOf(targets.filter(({ isPreview }) => isPreview)),
  };
};

/** The targets that are meant. `previews` adds those of preview branches or takes them away; what is not said stays as it `was`. */
export function chooseTargets(provider: Provider, said: { targets?: string[] | undefined; previews?: boolean | undefined }, was: readonly string[]): string[] {
  const { previews } = targetsOf(provider);
  const chosen = said.targets ?? was;
  if (said.previews === undefined) return [...chosen];
  return said.previews ? [...new Set([...chosen, ...previews])] : chosen.filter((target) => !previews.includes(target));
}

/** Throws validation_failed, naming the field, where the provider does not know a target or takes no such name. */
export function checkChoice({ provider, isOwnTarget }: Integration, targets: readonly string[], variables: readonly VariableWire[]): void {
  const { all: known } = targetsOf(provider);
  const unknown = targets.find((target) => !known.includes(target) && !isOwnTarget(target));
  if (unknown !== undefined) throw invalidField('targets', `There is no target ${unknown}. Choose from: ${known.join(', ')}.`);
  if (targets.length > 1 && targets.includes('all')) throw invalidField('targets', 'Choose only all: it includes the others.');
  if (targets.length === 0) throw invalidField('targets', 'Choose one target or more.');
  const { reservedNames: reserved } = PROVIDERS[provider];
  if (reserved && variables.some(({ name }) => reserved.pattern.test(name))) throw invalidField('variables', reserved.advice);
}
