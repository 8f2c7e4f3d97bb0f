import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { devReset, resetBody } from '#lib/http/wire/vector/reset.ts';
import { siteParams } from '#lib/http/wire/vector/site.ts';
import { resetDevPassword } from '#lib/sites/reset-dev-password.ts';

export const POST = defineVectorRoute({
  access: 'sites.reset',
  params: siteParams,
  body: resetBody,
  data: devReset,
  message: 'Database password reset successfully',
  statusOf: ({ is_done: isDone }) =>
    isDone
      ? { status: 200, message: 'Database password reset successfully' }
      : { status: 202, message: 'Database password reset is still running; poll its job' },
  handle: (context, { params, body }) => resetDevPassword(context, params.siteId, body),
});

export * from '#lib/http/vector/other-methods.ts';
