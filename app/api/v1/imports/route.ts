import { listQuery } from '#lib/contract/common.ts';
import { importAnswer, importList, startImportBody } from '#lib/contract/import.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { listImports } from '#lib/imports/get-import.ts';
import { startImport } from '#lib/imports/start-import.ts';

export const GET = defineRoute({
  access: 'imports.read',
  query: listQuery,
  answer: importList,
  handle: (context, { query }) => listImports(context, query),
});

export const POST = defineRoute({
  access: 'projects.create',
  body: startImportBody,
  answer: importAnswer,
  status: 202,
  handle: async (context, { body }) => ({ import: await startImport(context, body) }),
});

export * from '#lib/http/other-methods.ts';
