import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { nothing } from '#lib/http/wire/vector/envelope.ts';

/** What clients of the sites API ask to test a key. */
export const GET = defineVectorRoute({
  access: 'organization.read',
  data: nothing,
  message: 'pong',
  handle: async () => ({}),
});

export * from '#lib/http/vector/other-methods.ts';
