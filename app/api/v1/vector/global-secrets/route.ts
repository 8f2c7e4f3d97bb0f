import { pageQuery } from '#lib/contract/vector/envelope.ts';
import { createSecretBody, secret } from '#lib/contract/vector/secret.ts';
import { createSecret, pageSecrets } from '#lib/secrets/secrets.ts';
import { defineVectorList, defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorList({
  access: 'sites.read',

  query: pageQuery,
  item: secret,
  message: 'Global secrets retrieved successfully',
  handle: (context, { query }) => pageSecrets(context, 'global', query),
});

export const POST = defineVectorRoute({
  access: 'secrets.change',

  body: createSecretBody,
  data: secret,
  status: 201,
  message: 'Global secret created successfully',
  handle: (context, { body }) => createSecret(context, 'global', body),
});

export * from '#lib/vector/other-methods.ts';
