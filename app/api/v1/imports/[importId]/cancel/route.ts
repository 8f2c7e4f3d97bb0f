import { defineRoute } from '#lib/http/define-route.ts';
import { importAnswer, importParams } from '#lib/http/wire/import.ts';
import { cancelImport } from '#lib/imports/cancel-import.ts';

export const POST = defineRoute({
  access: 'projects.create',
  params: importParams,
  answer: importAnswer,
  handle: async (context, { params }) => ({ import: await cancelImport(context, params.importId) }),
});

export * from '#lib/http/other-methods.ts';
