import { connectionTestAnswer, connectionTestBody } from '#lib/contract/connection-test.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { testConnection } from '#lib/projects/test-connection.ts';

export const POST = defineRoute({
  access: 'projects.create',
  body: connectionTestBody,
  answer: connectionTestAnswer,
  handle: async (context, { body }) => ({ connection_test: await testConnection(context, body) }),
});

export * from '#lib/http/other-methods.ts';
