import { vectorWebhookWithSecret } from '#lib/contract/vector/webhook.ts';
import { endpointParams } from '#lib/contract/webhook.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';
import { getVectorWebhook } from '#lib/vector/webhooks.ts';
import { rotateEndpointSecret } from '#lib/webhooks/endpoints.ts';

export const POST = defineVectorRoute({
  access: 'webhooks.manage',
  params: endpointParams,
  data: vectorWebhookWithSecret,
  message: 'Webhook secret rotated successfully',
  handle: async (context, { params }) => {
    const { plaintext_secret: secret } = await rotateEndpointSecret(context, params.endpointId);
    return { ...(await getVectorWebhook(context, params.endpointId)), secret };
  },
});

export * from '#lib/vector/other-methods.ts';
