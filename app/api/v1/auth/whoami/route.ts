import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { whoami } from '#lib/http/wire/vector/account.ts';
import { getWhoami } from '#lib/organizations/get-whoami.ts';

export const GET = defineVectorRoute({
  access: 'organization.read',
  data: whoami,
  message: 'Success',
  handle: (context) => getWhoami(context),
});

export * from '#lib/http/vector/other-methods.ts';
