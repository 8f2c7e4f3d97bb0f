import { endpointParams, sentWebhookEndpointChanges, webhookEndpointAnswer } from '#lib/contract/webhook.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { deleteWebhookEndpoint, updateWebhookEndpoint } from '#lib/webhooks/endpoints.ts';

export const PATCH = defineRoute({
  access: 'webhooks.manage',
  params: endpointParams,
  body: sentWebhookEndpointChanges,
  answer: webhookEndpointAnswer,
  handle: (context, { params, body }) => updateWebhookEndpoint(context, params.endpointId, body),
});

export const DELETE = defineRoute({
  access: 'webhooks.manage',
  params: endpointParams,
  answer: null,
  handle: (context, { params }) => deleteWebhookEndpoint(context, params.endpointId),
});

export * from '#lib/http/other-methods.ts';
