import { projectParams } from '#lib/contract/common.ts';
import { connectionsAnswer } from '#lib/contract/project.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { viewConnections } from '#lib/logins/view-connections.ts';

export const GET = defineRoute({
  access: 'credentials.read',
  params: projectParams,
  answer: connectionsAnswer,
  handle: async (context, { params }) => ({ connections: await viewConnections(context, params.projectId) }),
});

export * from '#lib/http/other-methods.ts';
