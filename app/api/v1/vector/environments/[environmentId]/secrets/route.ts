import { pageQuery } from '#lib/contract/vector/envelope.ts';
import { createSecretBody, secret } from '#lib/contract/vector/secret.ts';
import { environmentParams } from '#lib/contract/vector/site.ts';
import { createSecret, pageSecrets } from '#lib/secrets/secrets.ts';
import { defineVectorList, defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorList({
  access: 'sites.read',
  params: environmentParams,
  query: pageQuery,
  item: secret,
  message: 'Environment secrets retrieved successfully',
  handle: (context, { params, query }) => pageSecrets(context, params, query),
});

export const POST = defineVectorRoute({
  access: 'secrets.change',
  params: environmentParams,
  body: createSecretBody,
  data: secret,
  status: 201,
  message: 'Environment secret created successfully',
  handle: (context, { params, body }) => createSecret(context, params, body),
});

export * from '#lib/vector/other-methods.ts';
