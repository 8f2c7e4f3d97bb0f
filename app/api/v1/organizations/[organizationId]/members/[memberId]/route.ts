import { defineRoute } from '#lib/http/define-route.ts';
import { changeMemberBody, memberAnswer, memberParams } from '#lib/http/wire/member.ts';
import { changeMember } from '#lib/members/change-member.ts';
import { removeMember } from '#lib/members/remove-member.ts';

export const PATCH = defineRoute({
  access: 'members.manage',
  params: memberParams,
  body: changeMemberBody,
  answer: memberAnswer,
  handle: async (context, { params, body }) => ({ member: await changeMember(context, params.memberId, body) }),
});

export const DELETE = defineRoute({
  access: 'members.manage',
  params: memberParams,
  answer: null,
  handle: (context, { params }) => removeMember(context, params.memberId),
});

export * from '#lib/http/other-methods.ts';
