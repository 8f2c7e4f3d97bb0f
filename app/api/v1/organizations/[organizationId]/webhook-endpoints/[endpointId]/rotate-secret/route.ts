import { endpointParams, webhookEndpointWithSecret } from '#lib/contract/webhook.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { rotateEndpointSecret } from '#lib/webhooks/endpoints.ts';

export const POST = defineRoute({
  access: 'webhooks.manage',
  params: endpointParams,
  answer: webhookEndpointWithSecret,
  handle: (context, { params }) => rotateEndpointSecret(context, params.endpointId),
});

export * from '#lib/http/other-methods.ts';
