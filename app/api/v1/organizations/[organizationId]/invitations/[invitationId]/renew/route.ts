import { invitationMade, invitationParams } from '#lib/contract/member.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { renewInvitation } from '#lib/members/invitations.ts';

export const POST = defineRoute({
  access: 'members.manage',
  params: invitationParams,
  answer: invitationMade,
  handle: (context, { params }) => renewInvitation(context, params.invitationId),
});

export * from '#lib/http/other-methods.ts';
