import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { account } from '#lib/http/wire/vector/account.ts';
import { getAccount } from '#lib/organizations/get-account.ts';

export const GET = defineVectorRoute({
  access: 'organization.read',
  data: account,
  message: 'Account retrieved successfully',
  handle: (context) => getAccount(context),
});

export * from '#lib/http/vector/other-methods.ts';
