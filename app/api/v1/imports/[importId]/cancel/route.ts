import { importAnswer, importParams } from '#lib/contract/import.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { cancelImport } from '#lib/imports/cancel-import.ts';

export const POST = defineRoute({
  access: 'projects.create',
  params: importParams,
  answer: importAnswer,
  handle: async (context, { params }) => ({ import: await cancelImport(context, params.importId) }),
});

export * from '#lib/http/other-methods.ts';
