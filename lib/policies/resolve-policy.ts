import type { Policy } from '#generated/prisma/client.ts';
import type { PolicySource } from '#generated/prisma/enums.ts';

/** One condition of a tag rule: a project has this tag, or has not. */
export interface TagCondition {
  key: string;
  value: string;
  is_not: boolean;
}

/** What decides which policy applies to a login. */
export interface PolicyChoice {
  chosenPolicyId: string | null;
  /** Of its projects. */
  tags: Record<string, string> | null;
}

const matches = (rule: TagCondition[], tags: Record<string, string>): boolean =>
  rule.length > 0 && rule.every(({ key, value, is_not: isNot }) => (tags[key] === value) !== isNot);

/** The policy of a login, of its organization's: the one that was set for it, else the first by name whose tag rule matches, else the default. */
export function resolvePolicy(policies: Policy[], { chosenPolicyId, tags }: PolicyChoice): { policy: Policy | null; source: PolicySource | null } {
  const chosen = policies.find(({ id }) => id === chosenPolicyId);
  if (chosen) return { policy: chosen, source: 'project' };
  const byName = [...policies].sort((a, b) => (a.name < b.name ? -1 : 1));
  const tagged = byName.find(({ tagRule }) => tagRule !== null && matches(tagRule as unknown as TagCondition[], tags ?? {}));
  if (tagged) return { policy: tagged, source: 'tag' };
  const fallback = policies.find(({ isDefault }) => isDefault);
  return { policy: fallback ?? null, source: fallback ? 'default' : null };
}
