import { runDeployment } from '#lib/deployments/run-deployment.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { Dispatch } from './handlers.ts';

/** `deployment.run`: brings a deployment as far as it comes, in a lane of its own: a slow hook keeps nobody waiting. */
export function runDeploymentJob({ deploymentId }: Message<'deployment.run'>, { lanes, workerId }: Dispatch): void {
  lanes.run(`deployment ${deploymentId}`, deploymentId, () =>
    runDeployment(deploymentId, workerId).catch((error: unknown) => log.error({ deployment: deploymentId, error: describeError(error) }, 'deployment failed')),
  );
}
