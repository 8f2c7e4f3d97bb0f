import { defineRoute } from '#lib/http/define-route.ts';
import { importServerList } from '#lib/http/wire/import.ts';
import { listImportServers } from '#lib/imports/server-accounts.ts';

export const GET = defineRoute({
  access: 'imports.read',
  answer: importServerList,
  handle: (context) => listImportServers(context),
});

export * from '#lib/http/other-methods.ts';
