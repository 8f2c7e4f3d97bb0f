import { importAnswer, importParams } from '#lib/contract/import.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { getImport } from '#lib/imports/get-import.ts';

export const GET = defineRoute({
  access: 'imports.read',
  params: importParams,
  answer: importAnswer,
  handle: async (context, { params }) => ({ import: await getImport(context, params.importId) }),
});

export * from '#lib/http/other-methods.ts';
