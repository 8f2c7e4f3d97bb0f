import { revokeOtherSessions } from '#lib/auth/own-sessions.ts';
import { sessionsRevoked } from '#lib/contract/self.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'self.change',
  answer: sessionsRevoked,
  handle: async (context) => ({ revoked: await revokeOtherSessions(context) }),
});

export * from '#lib/http/other-methods.ts';
