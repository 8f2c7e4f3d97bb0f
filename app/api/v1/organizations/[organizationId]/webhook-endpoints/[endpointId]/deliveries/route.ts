import { z } from 'zod';
import { limit } from '#lib/contract/common.ts';
import { deliveryList, endpointParams } from '#lib/contract/webhook.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { listDeliveries } from '#lib/webhooks/deliveries.ts';

export const GET = defineRoute({
  access: 'webhooks.read',
  params: endpointParams,
  query: z.object({ limit }),
  answer: deliveryList,
  handle: async (context, { params, query }) => ({ deliveries: await listDeliveries(context, params.endpointId, query.limit) }),
});

export * from '#lib/http/other-methods.ts';
