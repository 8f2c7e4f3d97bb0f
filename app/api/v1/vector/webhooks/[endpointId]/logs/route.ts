import { defineVectorList } from '#lib/http/vector/define-vector-route.ts';
import { pageQuery } from '#lib/http/wire/vector/envelope.ts';
import { vectorWebhookLog } from '#lib/http/wire/vector/webhook.ts';
import { endpointParams } from '#lib/http/wire/webhook.ts';
import { pageVectorLogs } from '#lib/webhooks/page-vector-logs.ts';

export const GET = defineVectorList({
  access: 'webhooks.read',
  params: endpointParams,
  query: pageQuery,
  item: vectorWebhookLog,
  message: 'Webhook logs retrieved successfully',
  handle: (context, { params, query }) => pageVectorLogs(context, params.endpointId, query),
});

export * from '#lib/http/vector/other-methods.ts';
