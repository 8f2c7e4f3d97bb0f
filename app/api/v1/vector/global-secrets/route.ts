import { defineVectorList, defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { pageQuery } from '#lib/http/wire/vector/envelope.ts';
import { createSecretBody, secret } from '#lib/http/wire/vector/secret.ts';
import { createSecret } from '#lib/secrets/create-secret.ts';
import { pageSecrets } from '#lib/secrets/page-secrets.ts';

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

export * from '#lib/http/vector/other-methods.ts';
