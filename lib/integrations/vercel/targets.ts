import type { OwnTarget } from '#lib/integrations/integration.ts';
import type { StandingVariable } from './schemas.ts';

const BRANCH = 'branch:';
const CUSTOM = 'custom:';

/** What stands for a branch of preview is written `branch:fix`, for a custom environment `custom:env_1`. */
export const isOwnTarget = (target: string): boolean => /^(?:branch|custom):./.test(target);

/** A target as Vercel's requests name it. */
export function scopeOf(target: string): { target: string[]; gitBranch: string | null } | { customEnvironmentIds: string[] } {
  if (target.startsWith(CUSTOM)) return { customEnvironmentIds: [target.slice(CUSTOM.length)] };
  if (target.startsWith(BRANCH)) return { target: ['preview'], gitBranch: target.slice(BRANCH.length) };
  return { target: [target], gitBranch: null };
}

/** All targets that a variable stands for. */
export const targetsOf = ({ target, gitBranch, customEnvironmentIds }: StandingVariable): string[] => [
  ...(gitBranch ? [BRANCH + gitBranch] : target),
  ...(customEnvironmentIds ?? []).map((id) => CUSTOM + id),
];

/** Branches and custom environments that hold a variable: the others read what stands for preview. */
export function ownTargetsOf(standing: readonly StandingVariable[]): OwnTarget[] {
  const found = new Map<string, string[]>();
  for (const variable of standing)
    for (const target of targetsOf(variable).filter(isOwnTarget)) found.set(target, [...(found.get(target) ?? []), variable.key]);
  return [...found].map(([target, variables]) => ({ target, variables, over: ['preview'] }));
}
