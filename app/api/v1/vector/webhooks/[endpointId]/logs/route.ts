import { pageQuery } from '#lib/contract/vector/envelope.ts';
import { vectorWebhookLog } from '#lib/contract/vector/webhook.ts';
import { endpointParams } from '#lib/contract/webhook.ts';
import { defineVectorList } from '#lib/vector/define-vector-route.ts';
import { pageVectorLogs } from '#lib/vector/webhooks.ts';

export const GET = defineVectorList({
  access: 'webhooks.read',
  params: endpointParams,
  query: pageQuery,
  item: vectorWebhookLog,
  message: 'Webhook logs retrieved successfully',
  handle: (context, { params, query }) => pageVectorLogs(context, params.endpointId, query),
});

export * from '#lib/vector/other-methods.ts';
