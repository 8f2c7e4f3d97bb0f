import { importServerParams, takeOverAnswer, takeOverBody } from '#lib/contract/import.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { takeOverAccounts } from '#lib/imports/take-over-accounts.ts';

export const POST = defineRoute({
  access: 'servers.manage',
  params: importServerParams,
  body: takeOverBody,
  answer: takeOverAnswer,
  status: 202,
  handle: (context, { params, body }) => takeOverAccounts(context, params.serverId, body),
});

export * from '#lib/http/other-methods.ts';
