import { defineRoute } from '#lib/http/define-route.ts';
import { me } from '#lib/http/wire/account.ts';
import { describeMe } from '#lib/organizations/describe-me.ts';

export const GET = defineRoute({ access: 'organization.read', answer: me, handle: (context) => describeMe(context) });

export * from '#lib/http/other-methods.ts';
