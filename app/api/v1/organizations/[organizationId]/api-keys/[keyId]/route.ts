import { z } from 'zod';
import { revokeApiKey } from '#lib/api-keys/api-keys.ts';
import { id } from '#lib/contract/common.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const DELETE = defineRoute({
  access: 'api-keys.manage',
  params: z.object({ keyId: id }),
  answer: null,
  handle: (context, { params }) => revokeApiKey(context, params.keyId),
});

export * from '#lib/http/other-methods.ts';
