import { z } from 'zod';
import { revokeApiKey } from '#lib/api-keys/revoke-api-key.ts';
import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { id } from '#lib/http/wire/common.ts';
import { nothing } from '#lib/http/wire/vector/envelope.ts';

export const DELETE = defineVectorRoute({
  access: 'api-keys.manage',
  params: z.object({ keyId: id }),
  data: nothing,
  message: 'API key deleted successfully',
  handle: async (context, { params }) => {
    await revokeApiKey(context, params.keyId);
    return {};
  },
});

export * from '#lib/http/vector/other-methods.ts';
