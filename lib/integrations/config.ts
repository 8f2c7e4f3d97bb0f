import { z } from 'zod';
import { VARIABLE_PRESETS, type VariableWire, variable } from '#lib/contract/integration.ts';
import type { Provider } from '#lib/contract/providers.ts';
import type { EngineName } from '#lib/engines/engine.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import type { Integration } from './integration.ts';

/** What stands in `integrations.config`. */
const storedConfig = z.object({ variables: z.array(variable), workflow: z.string().nullable(), ref: z.string().nullable() });
export type StoredConfig = z.infer<typeof storedConfig>;

export const readConfig = (config: unknown): StoredConfig => storedConfig.parse(config);

interface Targets {
  default: readonly string[];
  /** What `preview_branches` adds. */
  previews: readonly string[];
}

const TARGETS: Record<Provider, Targets> = {
  vercel: { default: ['production'], previews: ['preview'] },
  netlify: { default: ['production'], previews: ['deploy-preview', 'branch-deploy'] },
  github: { default: ['actions'], previews: [] },
};

/**
 * What is written where a person chose nothing. No spelling of a TLS mode is read right by every driver, so each engine
 * has the one that no usual driver reads as less: mysql2 ignores `ssl-mode` and would connect in clear text, while
 * node-postgres takes `require` for `verify-full` and at worst refuses.
 */
const DEFAULT_VARIABLES: Record<EngineName, readonly VariableWire[]> = { postgresql: VARIABLE_PRESETS.urls, mysql: VARIABLE_PRESETS.node };

export const defaultVariables = (engine: EngineName): VariableWire[] => [...DEFAULT_VARIABLES[engine]];

export const targetsOf = (provider: Provider): Targets => TARGETS[provider];

/** The targets that are meant. `previews` adds those of preview branches or takes them away; what is not said stays as it `was`. */
export function chooseTargets(provider: Provider, said: { targets?: string[] | undefined; previews?: boolean | undefined }, was: readonly string[]): string[] {
  const { previews } = TARGETS[provider];
  const chosen = said.targets ?? was;
  if (said.previews === undefined) return [...chosen];
  return said.previews ? [...new Set([...chosen, ...previews])] : chosen.filter((target) => !previews.includes(target));
}

/** Throws validation_failed, naming the field, where the provider does not know a target or takes no such name. */
export function checkChoice({ provider, targets: known, isOwnTarget }: Integration, targets: readonly string[], variables: readonly VariableWire[]): void {
  const unknown = targets.find((target) => !known.includes(target) && !isOwnTarget(target));
  if (unknown !== undefined) throw invalidField('targets', `There is no target ${unknown}. Choose from: ${known.join(', ')}.`);
  if (targets.length > 1 && targets.includes('all')) throw invalidField('targets', 'Choose only all: it includes the others.');
  if (targets.length === 0) throw invalidField('targets', 'Choose one target or more.');
  if (provider === 'github' && variables.some(({ name }) => /^GITHUB_/i.test(name)))
    throw invalidField('variables', 'GitHub reserves names that begin with GITHUB_. Choose another name.');
}
