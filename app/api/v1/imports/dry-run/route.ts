import { checkImportBody, importCheckAnswer } from '#lib/contract/import.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { checkImport } from '#lib/imports/check-import.ts';

export const POST = defineRoute({
  access: 'projects.create',
  body: checkImportBody,
  answer: importCheckAnswer,
  handle: async (context, { body }) => ({ import_check: await checkImport(context, body) }),
});

export * from '#lib/http/other-methods.ts';
