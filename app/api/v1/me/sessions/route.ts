import { listOwnSessions } from '#lib/auth/own-sessions.ts';
import { ownSessionList } from '#lib/contract/self.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({ access: 'self.read', answer: ownSessionList, handle: async (context) => ({ sessions: await listOwnSessions(context) }) });

export * from '#lib/http/other-methods.ts';
