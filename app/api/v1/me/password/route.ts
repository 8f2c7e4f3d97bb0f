import { changePassword } from '#lib/auth/change-password.ts';
import { changePasswordBody, sessionsRevoked } from '#lib/contract/self.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'password.change',
  body: changePasswordBody,
  answer: sessionsRevoked,
  handle: async (context, { body }) => ({ revoked: await changePassword(context, body) }),
});

export * from '#lib/http/other-methods.ts';
