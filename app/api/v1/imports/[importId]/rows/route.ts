import { importedRowList, importedRowQuery, importParams } from '#lib/contract/import.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { listImportRows } from '#lib/imports/list-import-rows.ts';

export const GET = defineRoute({
  access: 'imports.read',
  params: importParams,
  query: importedRowQuery,
  answer: importedRowList,
  handle: (context, { params, query }) => listImportRows(context, params.importId, query),
});

export * from '#lib/http/other-methods.ts';
