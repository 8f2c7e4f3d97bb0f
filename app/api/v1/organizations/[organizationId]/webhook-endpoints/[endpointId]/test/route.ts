import { deliveryAnswer, endpointParams } from '#lib/contract/webhook.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { sendTestEvent } from '#lib/webhooks/deliveries.ts';

export const POST = defineRoute({
  access: 'webhooks.manage',
  params: endpointParams,
  answer: deliveryAnswer,
  handle: async (context, { params }) => ({ delivery: await sendTestEvent(context, params.endpointId) }),
});

export * from '#lib/http/other-methods.ts';
