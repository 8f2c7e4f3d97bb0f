import { z } from 'zod';

/** The queues. A message only wakes a worker: what is to be done stands in our own tables. */
export const QUEUES = {
  'rotation.advance': z.object({ rotationId: z.string(), lane: z.string() }),
  'connection.verify': z.object({ jobId: z.string(), lane: z.string() }),
  'integration.sync': z.object({ syncId: z.string(), lane: z.string() }),
  'integration.redeploy': z.object({ redeploymentId: z.string(), lane: z.string() }),
  'deployment.run': z.object({ deploymentId: z.string() }),
  'departure.run': z.object({ departureId: z.string() }),
  'campaign.run': z.object({ campaignId: z.string() }),
  'import.run': z.object({ importId: z.string() }),
  /** Whichever comes: a worker then looks for all that is due. */
  'webhook.deliver': z.object({ eventId: z.string() }),
  'encryption.rewrap': z.object({ rotationId: z.string() }),
} as const;

export type QueueName = keyof typeof QUEUES;
export type Message<Q extends QueueName> = z.infer<(typeof QUEUES)[Q]>;
