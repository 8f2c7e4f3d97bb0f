import { listQuery } from '#lib/contract/common.ts';
import { memberList } from '#lib/contract/member.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { listMembers } from '#lib/members/members.ts';

export const GET = defineRoute({
  access: 'members.read',
  query: listQuery,
  answer: memberList,
  handle: (context, { query }) => listMembers(context, query),
});

export * from '#lib/http/other-methods.ts';
