import { runCampaign } from '#lib/campaigns/run-campaign.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { runDeparture } from '#lib/departures/run-departure.ts';
import { runDeployment } from '#lib/deployments/run-deployment.ts';
import { rotateKeys } from '#lib/encryption/rotate-keys.ts';
import { runImport } from '#lib/imports/run-import.ts';
import { redeploy } from '#lib/integrations/redeploy.ts';
import { syncIntegration } from '#lib/integrations/sync-integration.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { reportUnforeseen } from '#lib/kernel/report-unforeseen.ts';
import { type Message, QUEUES, type QueueName } from '#lib/queue/jobs.ts';
import type { Lanes } from '#lib/queue/lanes.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import type { Deliverer } from '#lib/webhooks/deliverer.ts';

/** `rotation.advance`: puts one attempt at a rotation into the lane of its server. The sweep comes back to what must wait. */
export function advanceRotationJob({ rotationId, lane }: Message<'rotation.advance'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, rotationId, async () => {
    try {
      await advanceRotation(rotationId, workerId);
    } catch (error) {
      reportUnforeseen(rotationId, error);
    }
  });
}

/** `integration.sync`: one try at a sync, in the lane of its provider. The sweep comes back to what was interrupted, and to what must wait. */
export function syncIntegrationJob({ syncId, lane }: Message<'integration.sync'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, syncId, () =>
    syncIntegration(syncId, workerId).catch((error: unknown) => log.error({ sync: syncId, error: describeError(error) }, 'sync failed')),
  );
}

/** `integration.redeploy`: asks a provider once for a deployment, in its lane. */
export function redeployJob({ redeploymentId, lane }: Message<'integration.redeploy'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, redeploymentId, () =>
    redeploy(redeploymentId, workerId).catch((error: unknown) =>
      log.error({ redeployment: redeploymentId, error: describeError(error) }, 'redeployment failed'),
    ),
  );
}

/** `import.run`: adopts the rows of an import, until this worker stops. */
export function runImportJob({ importId }: Message<'import.run'>, { lanes, workerId }: Dispatch): void {
  lanes.run('imports', importId, async () => {
    try {
      while ((await runImport(importId, workerId)) && !lanes.isDraining);
    } catch (error) {
      log.error({ import: importId, error: describeError(error) }, 'import failed');
    }
  });
}

/** `encryption.rewrap`: wraps all data keys anew, in a lane of its own. After a crash the sweep finds it again. */
export function rewrapJob({ rotationId }: Message<'encryption.rewrap'>, { lanes, workerId }: Dispatch): void {
  lanes.run('encryption', rotationId, () =>
    rotateKeys(rotationId, workerId).catch((error: unknown) => log.error({ rotation: rotationId, error: describeError(error) }, 're-wrapping failed')),
  );
}

/** `deployment.run`: brings a deployment as far as it comes, in a lane of its own: a slow hook keeps nobody waiting. */
export function runDeploymentJob({ deploymentId }: Message<'deployment.run'>, { lanes, workerId }: Dispatch): void {
  lanes.run(`deployment ${deploymentId}`, deploymentId, () =>
    runDeployment(deploymentId, workerId).catch((error: unknown) => log.error({ deployment: deploymentId, error: describeError(error) }, 'deployment failed')),
  );
}

/** `departure.run`: begins the rotations of what a removed member had seen, and follows them. */
export function runDepartureJob({ departureId }: Message<'departure.run'>, { lanes, workerId }: Dispatch): void {
  lanes.run('departures', departureId, () =>
    runDeparture(departureId, workerId).catch((error: unknown) => log.error({ departure: departureId, error: describeError(error) }, 'departure failed')),
  );
}

/** `connection.verify`: proves a login, in the lane of its server. */
export function verifyConnectionJob({ jobId, lane }: Message<'connection.verify'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, jobId, () => verifyConnection(jobId, workerId).catch((error: unknown) => reportUnforeseen(jobId, error)));
}

/** `campaign.run`: settles rotations of a campaign and requests the next ones. */
export function runCampaignJob({ campaignId }: Message<'campaign.run'>, { lanes, workerId }: Dispatch): void {
  lanes.run('campaigns', campaignId, () =>
    runCampaign(campaignId, workerId).catch((error: unknown) => log.error({ campaign: campaignId, error: describeError(error) }, 'campaign failed')),
  );
}

/** Where the work of this process runs. */
export interface Dispatch {
  lanes: Lanes;
  deliverer: Deliverer;
  workerId: string;
}

/** Hands a queue's message, once it is seen to be of its form, to the one that does it. */
export function handleMessage(queue: QueueName, data: unknown, dispatch: Dispatch): void {
  switch (queue) {
    case 'rotation.advance':
      advanceRotationJob(QUEUES[queue].parse(data) satisfies Message<typeof queue>, dispatch);
      break;
    case 'connection.verify':
      verifyConnectionJob(QUEUES[queue].parse(data) satisfies Message<typeof queue>, dispatch);
      break;
    case 'integration.sync':
      syncIntegrationJob(QUEUES[queue].parse(data) satisfies Message<typeof queue>, dispatch);
      break;
    case 'integration.redeploy':
      redeployJob(QUEUES[queue].parse(data) satisfies Message<typeof queue>, dispatch);
      break;
    case 'deployment.run':
      runDeploymentJob(QUEUES[queue].parse(data) satisfies Message<typeof queue>, dispatch);
      break;
    case 'encryption.rewrap':
      rewrapJob(QUEUES[queue].parse(data) satisfies Message<typeof queue>, dispatch);
      break;
    case 'departure.run':
      runDepartureJob(QUEUES[queue].parse(data) satisfies Message<typeof queue>, dispatch);
      break;
    case 'campaign.run':
      runCampaignJob(QUEUES[queue].parse(data) satisfies Message<typeof queue>, dispatch);
      break;
    case 'import.run':
      runImportJob(QUEUES[queue].parse(data) satisfies Message<typeof queue>, dispatch);
      break;
    case 'webhook.deliver':
      dispatch.deliverer.wake();
      break;
  }
}
