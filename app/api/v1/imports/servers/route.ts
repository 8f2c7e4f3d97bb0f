import { importServerList } from '#lib/contract/import.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { listImportServers } from '#lib/imports/server-accounts.ts';

export const GET = defineRoute({
  access: 'imports.read',
  answer: importServerList,
  handle: (context) => listImportServers(context),
});

export * from '#lib/http/other-methods.ts';
