import { z } from 'zod';
import { id } from '#lib/contract/common.ts';
import { endSessionsBody, sessionsEnded } from '#lib/contract/project.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { endOldSessions } from '#lib/rotation/sessions/old-sessions.ts';

export const POST = defineRoute({
  access: 'credentials.rotate',
  params: z.object({ jobId: id }),
  body: endSessionsBody,
  isExact: true,
  answer: sessionsEnded,
  handle: (context, { params, body: { application, address } }) =>
    endOldSessions(context, params.jobId, application === undefined || address === undefined ? undefined : { application, address }),
});

export * from '#lib/http/other-methods.ts';
