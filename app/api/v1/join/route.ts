import { joinAnswer, joinBody, joinQuery, joinState } from '#lib/contract/member.ts';
import { definePublicRoute } from '#lib/http/define-route.ts';
import { acceptInvitation, describeInvitation } from '#lib/members/invitations.ts';

// No login: the token of the one-time link is what lets in.
export const GET = definePublicRoute({ query: joinQuery, answer: joinState, handle: (origin, { query }) => describeInvitation(origin, query.token) });

export const POST = definePublicRoute({ body: joinBody, answer: joinAnswer, status: 201, handle: (origin, { body }) => acceptInvitation(origin, body) });

export * from '#lib/http/other-methods.ts';
