import { redeploy } from '#lib/integrations/redeploy.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { Dispatch } from './handlers.ts';

/** `integration.redeploy`: asks a provider once for a deployment, in its lane. */
export function redeployJob({ redeploymentId, lane }: Message<'integration.redeploy'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, redeploymentId, () =>
    redeploy(redeploymentId, workerId).catch((error: unknown) =>
      log.error({ redeployment: redeploymentId, error: describeError(error) }, 'redeployment failed'),
    ),
  );
}
