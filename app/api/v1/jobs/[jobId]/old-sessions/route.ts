import { z } from 'zod';
import { defineRoute } from '#lib/http/define-route.ts';
import { id } from '#lib/http/wire/common.ts';
import { sessionList } from '#lib/http/wire/project.ts';
import { sessionsToWire } from '#lib/projects/sessions-to-wire.ts';
import { listOldSessions } from '#lib/rotation/old-sessions.ts';

export const GET = defineRoute({
  access: 'projects.read',
  params: z.object({ jobId: id }),
  answer: sessionList,
  handle: async (context, { params }) => sessionsToWire(await listOldSessions(context, params.jobId)),
});

export * from '#lib/http/other-methods.ts';
