import { projectParams } from '#lib/contract/common.ts';
import { sessionList } from '#lib/contract/project.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { sessionsToWire } from '#lib/projects/sessions-to-wire.ts';
import { listSessions } from '#lib/rotation/sessions/list-sessions.ts';

export const GET = defineRoute({
  access: 'projects.read',
  params: projectParams,
  answer: sessionList,
  handle: async (context, { params }) => sessionsToWire(await listSessions(context, params.projectId)),
});

export * from '#lib/http/other-methods.ts';
