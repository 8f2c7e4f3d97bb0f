import { z } from 'zod';
import { rotateApiKey } from '#lib/api-keys/rotate-api-key.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { apiKeyCreated, rotateApiKeyBody } from '#lib/http/wire/account.ts';
import { id } from '#lib/http/wire/common.ts';

export const POST = defineRoute({
  access: 'api-keys.manage',
  params: z.object({ keyId: id }),
  body: rotateApiKeyBody,
  answer: apiKeyCreated,
  handle: (context, { params, body }) => rotateApiKey(context, params.keyId, body),
});

export * from '#lib/http/other-methods.ts';
