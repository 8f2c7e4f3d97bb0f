import type { IntegrationWire } from '#lib/contract/integration.ts';

/** How what runs at a provider stands to a version of the password. */
export type Deployment =
  /** The variables do not hold it yet. */
  | { is: 'waiting' }
  /** They do; what runs there still has the old ones. */
  | { is: 'due' }
  | { is: 'asked' }
  | { is: 'started'; at: string }
  | { is: 'failed'; text: string; code: string }
  /** Rekey is not told how to begin one: whatever runs next there takes them up. */
  | { is: 'next-run' };

/** What Rekey knows of the deployment that takes up `version`. That it runs there is never proven. */
export function deploymentOf({ targets, redeployment, can_redeploy: can }: IntegrationWire, version: number): Deployment {
  if (redeployment && redeployment.version >= version) {
    if (redeployment.state === 'requested') return { is: 'asked' };
    if (redeployment.state === 'started') return { is: 'started', at: redeployment.finished_at ?? redeployment.requested_at };
    return { is: 'failed', text: redeployment.failure ?? '', code: redeployment.failure_code ?? '' };
  }
  if (!can) return { is: 'next-run' };
  return targets.some((target) => target.version !== null && target.version >= version) ? { is: 'due' } : { is: 'waiting' };
}

/** What happens after the variables are written. */
export function afterSyncWords({ can_redeploy: can, config }: IntegrationWire): string {
  if (!can) return 'the next workflow run uses it';
  return config.redeploy === 'automatic' ? 'then redeploys automatically' : 'redeploy manually';
}
