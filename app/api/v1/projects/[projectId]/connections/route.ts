import { viewConnections } from '#lib/connections/view-connections.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { projectParams } from '#lib/http/wire/common.ts';
import { connectionsAnswer } from '#lib/http/wire/project.ts';

export const GET = defineRoute({
  access: 'credentials.read',
  params: projectParams,
  answer: connectionsAnswer,
  handle: async (context, { params }) => ({ connections: await viewConnections(context, params.projectId) }),
});

export * from '#lib/http/other-methods.ts';
