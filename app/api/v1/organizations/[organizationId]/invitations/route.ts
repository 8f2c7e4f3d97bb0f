import { invitationList, invitationMade, inviteBody } from '#lib/contract/member.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { inviteMember, listInvitations } from '#lib/members/invitations.ts';

export const GET = defineRoute({
  access: 'members.read',
  answer: invitationList,
  handle: async (context) => ({ invitations: await listInvitations(context) }),
});

export const POST = defineRoute({
  access: 'members.manage',
  body: inviteBody,
  answer: invitationMade,
  status: 201,
  handle: (context, { body }) => inviteMember(context, body),
});

export * from '#lib/http/other-methods.ts';
