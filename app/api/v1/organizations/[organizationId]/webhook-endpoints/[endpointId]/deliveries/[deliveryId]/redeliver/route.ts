import { deliveryAnswer, deliveryParams } from '#lib/contract/webhook.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { redeliver } from '#lib/webhooks/deliveries.ts';

export const POST = defineRoute({
  access: 'webhooks.manage',
  params: deliveryParams,
  answer: deliveryAnswer,
  handle: async (context, { params }) => ({ delivery: await redeliver(context, params.endpointId, params.deliveryId) }),
});

export * from '#lib/http/other-methods.ts';
