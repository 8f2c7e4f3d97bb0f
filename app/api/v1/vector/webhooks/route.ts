import { defineVectorList, defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { pageQuery } from '#lib/http/wire/vector/envelope.ts';
import { createVectorWebhookBody, vectorWebhook, vectorWebhookWithSecret } from '#lib/http/wire/vector/webhook.ts';
import { createVectorWebhook } from '#lib/webhooks/create-vector-webhook.ts';
import { pageVectorWebhooks } from '#lib/webhooks/page-vector-webhooks.ts';

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

export * from '#lib/http/vector/other-methods.ts';
