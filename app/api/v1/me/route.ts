import { me } from '#lib/contract/account.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { describeMe } from '#lib/organizations/organizations.ts';

export const GET = defineRoute({ access: 'organization.read', answer: me, handle: (context) => describeMe(context) });

export * from '#lib/http/other-methods.ts';
