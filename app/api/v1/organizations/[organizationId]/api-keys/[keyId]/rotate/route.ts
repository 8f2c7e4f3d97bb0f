import { z } from 'zod';
import { rotateApiKey } from '#lib/api-keys/api-keys.ts';
import { apiKeyCreated, rotateApiKeyBody } from '#lib/contract/account.ts';
import { id } from '#lib/contract/common.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'api-keys.manage',
  params: z.object({ keyId: id }),
  body: rotateApiKeyBody,
  answer: apiKeyCreated,
  handle: (context, { params, body }) => rotateApiKey(context, params.keyId, body),
});

export * from '#lib/http/other-methods.ts';
