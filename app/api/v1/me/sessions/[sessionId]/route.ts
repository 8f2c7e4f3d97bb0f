import { z } from 'zod';
import { revokeSession } from '#lib/auth/own-sessions.ts';
import { id } from '#lib/contract/common.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const DELETE = defineRoute({
  access: 'self.change',
  params: z.object({ sessionId: id }),
  answer: null,
  handle: (context, { params }) => revokeSession(context, params.sessionId),
});

export * from '#lib/http/other-methods.ts';
