import { createApiKey, listApiKeys } from '#lib/api-keys/api-keys.ts';
import { apiKeyCreated, apiKeyList, sentApiKeyBody } from '#lib/contract/account.ts';
import { listQuery } from '#lib/contract/common.ts';
import { defineRoute } from '#lib/http/define-route.ts';

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
