import { accountList, importServerParams } from '#lib/contract/import.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { listServerAccounts } from '#lib/imports/server-accounts.ts';

export const GET = defineRoute({
  access: 'servers.manage',
  params: importServerParams,
  answer: accountList,
  handle: (context, { params }) => listServerAccounts(context, params.serverId),
});

export * from '#lib/http/other-methods.ts';
