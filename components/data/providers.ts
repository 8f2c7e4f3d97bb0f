import { Box, Diamond, GitBranch, type LucideIcon, Triangle } from 'lucide-react';
import type { ProviderFacts } from '#lib/contract/providers/provider-facts.ts';
import { PROVIDERS as FACTS, PROVIDER_NAMES, type Provider } from '#lib/contract/providers/providers.ts';

export { PROVIDER_NAMES, type Provider };

const ICONS: Record<ProviderFacts['shape'], LucideIcon> = { triangle: Triangle, diamond: Diamond, branch: GitBranch, box: Box };

/** How each provider is called, and what may be chosen there. */
export const PROVIDERS = Object.fromEntries(PROVIDER_NAMES.map((name) => [name, { ...FACTS[name], icon: ICONS[FACTS[name].shape] }])) as Record<
  Provider,
  ProviderFacts & { icon: LucideIcon }
>;

/** "Vercel · shop-web"; a provider that is not known here as the API calls it. */
export const placeName = ({ provider, name }: { provider: string; name: string }): string =>
  `${provider in PROVIDERS ? PROVIDERS[provider as Provider].name : provider} · ${name}`;

/** The targets that single places have, by what stands before the colon. */
const OWN_TARGETS: Record<string, string> = { branch: 'Branch', custom: 'Custom environment', environment: 'Environment' };

/** A target in people's words; one that is not known here as the provider calls it. */
export function targetName(provider: Provider, target: string): string {
  const label = PROVIDERS[provider].targets.find(({ value }) => value === target)?.label;
  const [, kind = '', name = ''] = /^(\w+):(.*)$/s.exec(target) ?? [];
  return label ?? (OWN_TARGETS[kind] ? `${OWN_TARGETS[kind]} ${name}` : target);
}
