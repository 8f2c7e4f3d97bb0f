import { defineRoute } from '#lib/http/define-route.ts';
import { listQuery } from '#lib/http/wire/list.ts';
import { memberList } from '#lib/http/wire/member.ts';
import { listMembers } from '#lib/members/list-members.ts';

export const GET = defineRoute({
  access: 'members.read',
  query: listQuery,
  answer: memberList,
  handle: (context, { query }) => listMembers(context, query),
});

export * from '#lib/http/other-methods.ts';
