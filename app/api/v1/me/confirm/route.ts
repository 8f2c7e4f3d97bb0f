import { confirmSession } from '#lib/auth/own-sessions.ts';
import { confirmBody } from '#lib/contract/self.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'self.read',
  body: confirmBody,
  answer: null,
  handle: (context, { body }) => confirmSession(context, body),
});

export * from '#lib/http/other-methods.ts';
