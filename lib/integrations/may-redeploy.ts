import type { Provider } from '#lib/contract/providers.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { readConfig } from './config.ts';
import { integrationFor } from './registry.ts';

interface Configured {
  provider: Provider;
  config: unknown;
  hookSealed: string | null;
}

/** Whether the provider can be asked for a deployment with what is configured. */
export function mayRedeploy({ provider, config, hookSealed }: Configured): boolean {
  const { redeployBy } = integrationFor(provider);
  if (hookSealed !== null && redeployBy.includes('hook')) return true;
  // GitHub has to be told which workflow deploys.
  return redeployBy.includes('api') && (provider !== 'github' || readConfig(config).workflow !== null);
}

/** Throws validation_failed for a hook where the provider has none, and where deployments are to begin by themselves and cannot. */
export function checkRedeploy(row: Configured & { redeploy: 'manual' | 'automatic' }): void {
  if (row.hookSealed !== null && !integrationFor(row.provider).redeployBy.includes('hook'))
    throw invalidField('deploy_hook_url', 'Redeployments of this provider use the API. Leave the hook out.');
  if (row.redeploy === 'manual' || mayRedeploy(row)) return;
  throw invalidField(
    'redeploy',
    `Rekey cannot start a redeployment here yet. Add ${row.provider === 'github' ? 'a workflow' : 'a deploy hook'}, or choose manual.`,
  );
}
