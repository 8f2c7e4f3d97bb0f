import { defineRoute } from '#lib/http/define-route.ts';
import { memberList } from '#lib/http/wire/member.ts';
import { listMembers } from '#lib/members/list-members.ts';

export const GET = defineRoute({ access: 'members.read', answer: memberList, handle: listMembers });

export * from '#lib/http/other-methods.ts';
