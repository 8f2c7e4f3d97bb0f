import { setupAnswer, setupBody, setupQuery, setupState } from '#lib/contract/setup.ts';
import { definePublicRoute } from '#lib/http/define-route.ts';
import { completeSetup, describeSetup } from '#lib/set-up/set-up.ts';

// No login: the token of the one-time link is what lets in.
export const GET = definePublicRoute({ query: setupQuery, answer: setupState, handle: (origin, { query }) => describeSetup(origin, query.token) });

export const POST = definePublicRoute({ body: setupBody, answer: setupAnswer, status: 201, handle: (origin, { body }) => completeSetup(origin, body) });

export * from '#lib/http/other-methods.ts';
