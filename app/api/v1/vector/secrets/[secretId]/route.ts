import { nothing } from '#lib/contract/vector/envelope.ts';
import { secret, secretParams, updateSecretBody } from '#lib/contract/vector/secret.ts';
import { deleteSecret, getSecret, updateSecret } from '#lib/secrets/secrets.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorRoute({
  access: 'sites.read',
  params: secretParams,
  data: secret,
  message: 'Environment secret retrieved successfully',
  handle: (context, { params }) => getSecret(context, 'environment', params),
});

export const PUT = defineVectorRoute({
  access: 'secrets.change',
  params: secretParams,
  body: updateSecretBody,
  data: secret,
  message: 'Environment secret updated successfully',
  handle: (context, { params, body }) => updateSecret(context, 'environment', params, body),
});

export const DELETE = defineVectorRoute({
  access: 'secrets.change',
  params: secretParams,
  data: nothing,
  message: 'Environment secret deleted successfully',
  handle: async (context, { params }) => {
    await deleteSecret(context, 'environment', params);
    return {};
  },
});

export * from '#lib/vector/other-methods.ts';
