import { nothing } from '#lib/contract/vector/envelope.ts';
import { updateVectorWebhookBody, vectorWebhook } from '#lib/contract/vector/webhook.ts';
import { endpointParams } from '#lib/contract/webhook.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';
import { getVectorWebhook, updateVectorWebhook } from '#lib/vector/webhooks.ts';
import { deleteWebhookEndpoint } from '#lib/webhooks/endpoints.ts';

export const GET = defineVectorRoute({
  access: 'webhooks.read',
  params: endpointParams,
  data: vectorWebhook,
  message: 'Webhook retrieved successfully',
  handle: (context, { params }) => getVectorWebhook(context, params.endpointId),
});

export const PUT = defineVectorRoute({
  access: 'webhooks.manage',
  params: endpointParams,
  body: updateVectorWebhookBody,
  data: vectorWebhook,
  message: 'Webhook updated successfully',
  handle: (context, { params, body }) => updateVectorWebhook(context, params.endpointId, body),
});

export const DELETE = defineVectorRoute({
  access: 'webhooks.manage',
  params: endpointParams,
  data: nothing,
  message: 'Webhook deleted successfully',
  handle: async (context, { params }) => {
    await deleteWebhookEndpoint(context, params.endpointId);
    return {};
  },
});

export * from '#lib/vector/other-methods.ts';
