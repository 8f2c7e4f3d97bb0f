import { z } from 'zod';
import { revokeApiKey } from '#lib/api-keys/api-keys.ts';
import { id } from '#lib/contract/common.ts';
import { nothing } from '#lib/contract/vector/envelope.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

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

export * from '#lib/vector/other-methods.ts';
