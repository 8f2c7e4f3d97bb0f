import { createVectorApiKey } from '#lib/api-keys/create-vector-api-key.ts';
import { pageApiKeys } from '#lib/api-keys/page-api-keys.ts';
import { defineVectorList, defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { createVectorApiKeyBody, vectorApiKey, vectorApiKeyCreated } from '#lib/http/wire/vector/account.ts';
import { pageQuery } from '#lib/http/wire/vector/envelope.ts';

export const GET = defineVectorList({
  access: 'api-keys.read',
  query: pageQuery,
  item: vectorApiKey,
  message: 'API keys retrieved successfully',
  handle: (context, { query }) => pageApiKeys(context, query),
});

export const POST = defineVectorRoute({
  access: 'api-keys.manage',
  body: createVectorApiKeyBody,
  data: vectorApiKeyCreated,
  status: 201,
  message: 'API key created successfully',
  handle: (context, { body }) => createVectorApiKey(context, body),
});

export * from '#lib/http/vector/other-methods.ts';
