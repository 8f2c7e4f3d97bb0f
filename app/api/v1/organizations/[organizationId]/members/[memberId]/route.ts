import { changeMemberBody, memberAnswer, memberParams, memberRemoved, removeQuery } from '#lib/contract/member.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { changeMember } from '#lib/members/change-member.ts';
import { removeMember } from '#lib/members/members.ts';

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
  query: removeQuery,
  answer: memberRemoved,
  handle: async (context, { params, query }) => ({ departure: await removeMember(context, params.memberId, { rotateSeen: query.rotate_seen === 'true' }) }),
});

export * from '#lib/http/other-methods.ts';
