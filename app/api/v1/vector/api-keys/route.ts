import { createVectorApiKeyBody, vectorApiKey, vectorApiKeyCreated } from '#lib/contract/vector/account.ts';
import { pageQuery } from '#lib/contract/vector/envelope.ts';
import { createVectorApiKey, pageApiKeys } from '#lib/vector/api-keys.ts';
import { defineVectorList, defineVectorRoute } from '#lib/vector/define-vector-route.ts';

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

export * from '#lib/vector/other-methods.ts';
