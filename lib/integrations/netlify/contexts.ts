import type { OwnTarget } from '#lib/integrations/integration.ts';
import type { StandingVariable } from './schemas.ts';

const BRANCH = 'branch:';

/** A deploy context as Netlify's requests and answers name it. */
export interface Context {
  context: string;
  context_parameter?: string | null | undefined;
}

/** The value of one branch is written `branch:fix`. Deploys of that branch read it before that of `branch-deploy`. */
export const isBranch = (target: string): boolean => target.startsWith(BRANCH) && target.length > BRANCH.length;

export const contextOf = (target: string): Context =>
  isBranch(target) ? { context: 'branch', context_parameter: target.slice(BRANCH.length) } : { context: target };

const targetOf = ({ context, context_parameter: parameter }: Context): string => (context === 'branch' ? BRANCH + (parameter ?? '') : context);

/** The contexts that `all` stands for, of those that may hold a secret. */
export const SECRET_CONTEXTS = ['production', 'deploy-preview', 'branch-deploy'];

/** The value of a variable for a target itself. */
export const valueFor = ({ values }: StandingVariable, target: string) => values.find((one) => targetOf(one) === target);

/** A secret has no value for all contexts: one for each stands for it. */
export const partsOf = (standing: StandingVariable, target: string): string[] =>
  target === 'all' && !valueFor(standing, 'all') ? [...SECRET_CONTEXTS, 'dev'] : [target];

/** What a context without a value of its own reads, the first that there is. */
export const readBy = (target: string): string[] => [target, ...(isBranch(target) ? ['branch-deploy'] : []), ...(target === 'all' ? [] : ['all'])];

/** Branches with a value of their own, and the contexts with one beside that for all. */
export function ownTargetsOf(standing: readonly StandingVariable[]): OwnTarget[] {
  const found = new Map<string, string[]>();
  for (const variable of standing)
    for (const target of variable.values.map(targetOf))
      if (isBranch(target) || (target !== 'all' && valueFor(variable, 'all'))) found.set(target, [...(found.get(target) ?? []), variable.key]);
  return [...found].map(([target, variables]) => ({ target, variables, over: readBy(target).slice(1) }));
}
