import { listQuery } from '#lib/contract/common.ts';
import { sentWebhookEndpointBody, webhookEndpointList, webhookEndpointWithSecret } from '#lib/contract/webhook.ts';
import { isCapydb } from '#lib/http/capydb.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { listWebhookEndpoints } from '#lib/webhooks/endpoints.ts';

export const GET = defineRoute({
  access: 'webhooks.read',
  query: listQuery,
  answer: webhookEndpointList,
  handle: (context, { query }) => listWebhookEndpoints(context, query),
});

export const POST = defineRoute({
  access: 'webhooks.manage',
  body: sentWebhookEndpointBody,
  answer: webhookEndpointWithSecret,
  status: 201,
  // Its clients verify what they are sent as CapyDB documents it.
  handle: (context, { body }, request) => createWebhookEndpoint(context, { ...(isCapydb(request) && { dialect: 'capydb' }), ...body }),
});

export * from '#lib/http/other-methods.ts';
