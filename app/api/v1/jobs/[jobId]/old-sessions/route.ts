import { z } from 'zod';
import { id } from '#lib/contract/common.ts';
import { sessionList } from '#lib/contract/project.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { sessionsToWire } from '#lib/projects/sessions-to-wire.ts';
import { listOldSessions } from '#lib/rotation/sessions/old-sessions.ts';

export const GET = defineRoute({
  access: 'projects.read',
  params: z.object({ jobId: id }),
  answer: sessionList,
  handle: async (context, { params }) => sessionsToWire(await listOldSessions(context, params.jobId)),
});

export * from '#lib/http/other-methods.ts';
