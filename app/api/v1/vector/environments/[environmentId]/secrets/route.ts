import { defineVectorList, defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { pageQuery } from '#lib/http/wire/vector/envelope.ts';
import { createSecretBody, secret } from '#lib/http/wire/vector/secret.ts';
import { environmentParams } from '#lib/http/wire/vector/site.ts';
import { createSecret } from '#lib/secrets/create-secret.ts';
import { pageSecrets } from '#lib/secrets/page-secrets.ts';

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

export * from '#lib/http/vector/other-methods.ts';
