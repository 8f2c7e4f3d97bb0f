import { pageQuery } from '#lib/contract/vector/envelope.ts';
import { createVectorWebhookBody, vectorWebhook, vectorWebhookWithSecret } from '#lib/contract/vector/webhook.ts';
import { defineVectorList, defineVectorRoute } from '#lib/vector/define-vector-route.ts';
import { createVectorWebhook, pageVectorWebhooks } from '#lib/vector/webhooks.ts';

export const GET = defineVectorList({
  access: 'webhooks.read',
  query: pageQuery,
  item: vectorWebhook,
  message: 'Webhooks retrieved successfully',
  handle: (context, { query }) => pageVectorWebhooks(context, query),
});

export const POST = defineVectorRoute({
  access: 'webhooks.manage',
  body: createVectorWebhookBody,
  data: vectorWebhookWithSecret,
  status: 201,
  message: 'Webhook created successfully',
  handle: (context, { body }) => createVectorWebhook(context, body),
});

export * from '#lib/vector/other-methods.ts';
