import { nothing } from '#lib/contract/vector/envelope.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

/** What clients of the sites API ask to test a key. */
export const GET = defineVectorRoute({
  access: 'organization.read',
  data: nothing,
  message: 'pong',
  handle: async () => ({}),
});

export * from '#lib/vector/other-methods.ts';
