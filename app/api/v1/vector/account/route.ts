import { account } from '#lib/contract/vector/account.ts';
import { getAccount } from '#lib/organizations/organizations.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorRoute({
  access: 'organization.read',
  data: account,
  message: 'Account retrieved successfully',
  handle: (context) => getAccount(context),
});

export * from '#lib/vector/other-methods.ts';
