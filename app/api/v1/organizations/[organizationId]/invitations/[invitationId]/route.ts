import { invitationParams } from '#lib/contract/member.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { revokeInvitation } from '#lib/members/invitations.ts';

export const DELETE = defineRoute({
  access: 'members.manage',
  params: invitationParams,
  answer: null,
  handle: (context, { params }) => revokeInvitation(context, params.invitationId),
});

export * from '#lib/http/other-methods.ts';
