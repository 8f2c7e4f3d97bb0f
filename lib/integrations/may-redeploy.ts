import { PROVIDERS, type Provider } from '#lib/contract/providers/providers.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { readConfig } from './config.ts';
import type { Redeploy } from './integration.ts';

interface Configured {
  provider: Provider;
  config: unknown;
  hookSealed: string | null;
}

/** How a deployment can be begun at a provider. */
export const redeployWays = (provider: Provider): Redeploy['by'][] => (['hook', 'api'] as const).filter((way) => PROVIDERS[provider].redeploy[way]);

/** Whether the provider can be asked for a deployment with what is configured. */
export function mayRedeploy({ provider, config, hookSealed }: Configured): boolean {
  const { hook, api } = PROVIDERS[provider].redeploy;
  if (hook && hookSealed !== null) return true;
  return api !== undefined && (api.needs === 'nothing' || readConfig(config)[api.needs] !== null);
}

/** Throws validation_failed for a hook where the provider has none, and where deployments are to begin by themselves and cannot. */
export function checkRedeploy(row: Configured & { redeploy: 'manual' | 'automatic' }): void {
  const { hook, api } = PROVIDERS[row.provider].redeploy;
  if (row.hookSealed !== null && !hook) throw invalidField('deploy_hook_url', 'Redeployments of this provider use the API. Leave the hook out.');
  if (row.redeploy === 'manual' || mayRedeploy(row)) return;
  const missing = api?.needs === 'workflow' ? 'a workflow' : 'a deploy hook';
  throw invalidField('redeploy', `Rekey cannot start a redeployment here yet. Add ${missing}, or choose manual.`);
}
