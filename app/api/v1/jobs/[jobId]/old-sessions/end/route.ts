import { z } from 'zod';
import { defineRoute } from '#lib/http/define-route.ts';
import { id } from '#lib/http/wire/common.ts';
import { endSessionsBody, sessionsEnded } from '#lib/http/wire/project.ts';
import { endOldSessions } from '#lib/rotation/old-sessions.ts';

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
