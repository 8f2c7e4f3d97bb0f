import { Diamond, GitBranch, type LucideIcon, Triangle } from 'lucide-react';
import type { IntegrationWire } from '#lib/contract/integration.ts';

export type Provider = IntegrationWire['provider'];

interface TargetChoice {
  value: string;
  label: string;
  /** Chosen from the start. */
  isDefault?: true;
  /** Goes with the switch for preview branches. */
  isPreview?: true;
}

interface ProviderWords {
  name: string;
  /** With what exactly is connected. */
  fullName: string;
  /** A neutral shape. */
  icon: LucideIcon;
  /** What is picked from the list. */
  place: string;
  places: string;
  /** The field of the API that names it. */
  placeField: 'vercel_project_id' | 'site_id' | 'repository';
  /** What a variable is called there. */
  variable: string;
  tokenHint: string;
  targets: readonly TargetChoice[];
}

/** How each provider is called, and what may be chosen there. In the order in which they are offered. */
export const PROVIDERS: Record<Provider, ProviderWords> = {
  vercel: {
    name: 'Vercel',
    fullName: 'Vercel',
    icon: Triangle,
    place: 'project',
    places: 'projects',
    placeField: 'vercel_project_id',
    variable: 'variable',
    tokenHint: 'Create it at Vercel under Account Settings, Tokens, with the scope of the team that owns the project.',
    targets: [
      { value: 'production', label: 'Production', isDefault: true },
      { value: 'preview', label: 'Preview', isPreview: true },
      { value: 'development', label: 'Development' },
    ],
  },
  netlify: {
    name: 'Netlify',
    fullName: 'Netlify',
    icon: Diamond,
    place: 'site',
    places: 'sites',
    placeField: 'site_id',
    variable: 'variable',
    tokenHint: 'Create it at Netlify under User settings, Applications, Personal access tokens.',
    targets: [
      { value: 'production', label: 'Production', isDefault: true },
      { value: 'deploy-preview', label: 'Deploy previews', isPreview: true },
      { value: 'branch-deploy', label: 'Branch deploys', isPreview: true },
      { value: 'dev-server', label: 'Preview servers' },
      { value: 'dev', label: 'Local development' },
      { value: 'all', label: 'All contexts' },
    ],
  },
  github: {
    name: 'GitHub',
    fullName: 'GitHub Actions',
    icon: GitBranch,
    place: 'repository',
    places: 'repositories',
    placeField: 'repository',
    variable: 'secret',
    tokenHint: 'A fine-grained token of the repository with read and write access to Secrets, and to Actions if Rekey is to run a workflow.',
    targets: [{ value: 'actions', label: 'Actions', isDefault: true }],
  },
};

export const PROVIDER_NAMES = Object.keys(PROVIDERS) as Provider[];

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
