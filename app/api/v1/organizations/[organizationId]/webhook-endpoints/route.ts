import { defineRoute } from '#lib/http/define-route.ts';
import { listQuery } from '#lib/http/wire/list.ts';
import { createWebhookEndpointBody, webhookEndpointList, webhookEndpointWithSecret } from '#lib/http/wire/webhook.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { listWebhookEndpoints } from '#lib/webhooks/list-webhook-endpoints.ts';

export const GET = defineRoute({
  access: 'webhooks.read',
  query: listQuery,
  answer: webhookEndpointList,
  handle: (context, { query }) => listWebhookEndpoints(context, query),
});

export const POST = defineRoute({
  access: 'webhooks.manage',
  body: createWebhookEndpointBody,
  answer: webhookEndpointWithSecret,
  status: 201,
  handle: (context, { body }) => createWebhookEndpoint(context, body),
});

export * from '#lib/http/other-methods.ts';
