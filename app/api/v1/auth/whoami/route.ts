import { whoami } from '#lib/contract/vector/account.ts';
import { getWhoami } from '#lib/organizations/organizations.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorRoute({
  access: 'organization.read',
  data: whoami,
  message: 'Success',
  handle: (context) => getWhoami(context),
});

export * from '#lib/vector/other-methods.ts';
