import { type Message, QUEUES, type QueueName } from '#lib/queue/jobs.ts';
import type { Lanes } from '#lib/queue/lanes.ts';
import type { Deliverer } from '#lib/webhooks/deliverer.ts';
import { runCampaignJob } from './campaign-run.ts';
import { verifyConnectionJob } from './connection-verify.ts';
import { runDepartureJob } from './departure-run.ts';
import { runDeploymentJob } from './deployment-run.ts';
import { rewrapJob } from './encryption-rewrap.ts';
import { runImportJob } from './import-run.ts';
import { redeployJob } from './integration-redeploy.ts';
import { syncIntegrationJob } from './integration-sync.ts';
import { advanceRotationJob } from './rotation-advance.ts';

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
