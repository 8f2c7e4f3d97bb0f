import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { vectorWebhookWithSecret } from '#lib/http/wire/vector/webhook.ts';
import { endpointParams } from '#lib/http/wire/webhook.ts';
import { getVectorWebhook } from '#lib/webhooks/get-vector-webhook.ts';
import { rotateEndpointSecret } from '#lib/webhooks/rotate-endpoint-secret.ts';

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

export * from '#lib/http/vector/other-methods.ts';
