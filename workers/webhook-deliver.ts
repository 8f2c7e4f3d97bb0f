import { describeError, log } from '#lib/log.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { deliverWebhook } from '#lib/webhooks/deliver-webhook.ts';
import type { Dispatch } from './handlers.ts';

/** `webhook.deliver`: one try at a delivery, in the lane of its receiver. The sweep comes back to what broke off. */
export function deliverWebhookJob({ deliveryId, lane }: Message<'webhook.deliver'>, { lanes, workerId }: Dispatch): void {
  lanes.run(lane, deliveryId, () =>
    deliverWebhook(deliveryId, workerId).catch((error: unknown) => log.error({ delivery: deliveryId, error: describeError(error) }, 'delivery broke off')),
  );
}
