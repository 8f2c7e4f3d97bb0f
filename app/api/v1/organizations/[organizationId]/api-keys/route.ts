import { createApiKey } from '#lib/api-keys/create-api-key.ts';
import { listApiKeys } from '#lib/api-keys/list-api-keys.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { apiKeyCreated, apiKeyList, sentApiKeyBody } from '#lib/http/wire/account.ts';
import { listQuery } from '#lib/http/wire/list.ts';

export const GET = defineRoute({
  access: 'api-keys.read',
  query: listQuery,
  answer: apiKeyList,
  handle: (context, { query }) => listApiKeys(context, query),
});

export const POST = defineRoute({
  access: 'api-keys.manage',
  body: sentApiKeyBody,
  answer: apiKeyCreated,
  status: 201,
  handle: (context, { body }) => createApiKey(context, body),
});

export * from '#lib/http/other-methods.ts';
