import { memberParams, seenList } from '#lib/contract/member.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { listSeen } from '#lib/members/list-seen.ts';

export const GET = defineRoute({
  access: 'members.read',
  params: memberParams,
  answer: seenList,
  handle: (context, { params }) => listSeen(context, params.memberId),
});

export * from '#lib/http/other-methods.ts';
